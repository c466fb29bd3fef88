import { describeAgreement } from './engines-agree.js';

describeAgreement(30);
