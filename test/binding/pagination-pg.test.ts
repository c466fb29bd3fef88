import { describePagination } from './pagination-suite.js';

describe('pages over pg', () => {
  describePagination('pg', 12);
});
