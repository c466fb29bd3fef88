import { describeRowReader } from '../contract/row-reader-contract.js';
import { makePgReader } from './make-pg-reader.js';

describeRowReader('PgRowReader', makePgReader);
