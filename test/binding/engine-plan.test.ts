import { describeEngine } from './engine-suite.js';

describe('the engine over plans', () => {
  describeEngine('plan');
});
