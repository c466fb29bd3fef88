import { describeAgreement } from './engines-agree.js';

describeAgreement(5_000);
