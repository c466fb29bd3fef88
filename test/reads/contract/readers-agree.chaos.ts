import { describeAgreementOnZoo } from './readers-agree.js';

describeAgreementOnZoo(20_000, 3_600_000);
