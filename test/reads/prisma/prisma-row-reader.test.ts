import { describeRowReader } from '../contract/row-reader-contract.js';
import { makePrismaReader } from './make-prisma-reader.js';

describeRowReader('PrismaRowReader', makePrismaReader);
