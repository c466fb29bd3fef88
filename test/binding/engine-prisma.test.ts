import { describeEngine } from './engine-suite.js';

describe('the engine over Prisma Client', () => {
  describeEngine('prisma');
});
