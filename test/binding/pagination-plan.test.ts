import { describePagination } from './pagination-suite.js';

describe('pages over plans', () => {
  describePagination('plan', 12);
});
