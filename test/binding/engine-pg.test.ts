import { describeEngine } from './engine-suite.js';

describe('the engine over pg', () => {
  describeEngine('pg');
});
