import { defineApp } from '../index.js';
import { cacheDemo } from './cache-demo.js';
import { examples } from './examples.js';
import { resolvers } from './resolvers.js';
import { seedShop } from './seed/seed-shop.js';
import { loadViewer } from './viewer/load-viewer.js';

/** The default app: a shop. */
export default defineApp({
  resolvers,
  loadViewer,
  seed: seedShop,
  examples,
  cacheDemo,
  counters: [{ name: 'productViews', model: 'Product', column: 'viewCount' }],
});
