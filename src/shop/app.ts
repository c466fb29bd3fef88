import { defineApp } from '../index.js';
import { dailyCategoryStats } from './analytics/daily-category-stats.js';
import { dailyProductStats } from './analytics/daily-product-stats.js';
import { hourlyViewStats } from './analytics/hourly-view-stats.js';
import { monthlyCategoryStats } from './analytics/monthly-category-stats.js';
import { cacheDemo } from './cache-demo.js';
import { examples } from './examples.js';
import { jobs } from './jobs.js';
import { schedules } from './maintenance/schedules.js';
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
  jobs,
  schedules,
  // In this order: the second sums up the first, and the third the second.
  rollups: [dailyProductStats, dailyCategoryStats, monthlyCategoryStats, hourlyViewStats],
  counters: [{ name: 'productViews', model: 'Product', column: 'viewCount' }],
});
