import { describePagination } from './pagination-suite.js';

describe('pages, compiled', () => {
  describePagination('compiled', 12);
});
