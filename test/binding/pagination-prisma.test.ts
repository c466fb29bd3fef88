import { describePagination } from './pagination-suite.js';

describe('pages over Prisma Client', () => {
  // Prisma takes several statements a page, so fewer walks.
  describePagination('prisma', 3);
});
