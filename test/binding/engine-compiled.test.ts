import { describeEngine } from './engine-suite.js';

describe('the engine, compiled', () => {
  describeEngine('compiled');
});
