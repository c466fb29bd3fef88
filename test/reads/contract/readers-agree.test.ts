import { describeAgreementOnZoo } from './readers-agree.js';

describeAgreementOnZoo(300, 60_000);
