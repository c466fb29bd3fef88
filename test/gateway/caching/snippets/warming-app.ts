import { defineApp } from '../../../../src/index.js';

export default defineApp({
  cacheWarming: [
    { query: '{ animals(first: 20) { name } }' },
    // For those of a tier who see more than others.
    { query: '{ secrets }', tier: 'staff' },
  ],
});
