import type { JobDefinition } from '../index.js';
import { conversionFunnel, customerCohorts } from './analytics/customer-reports.js';
import { categoryRevenue, productTrends, topProducts } from './analytics/product-rankings.js';
import { salesReport } from './analytics/sales-report.js';
import { dailyReport, dailySales, dailySummary, dailyTraffic } from './maintenance/daily-report.js';
import { abandonedCarts, expiredSubscriptions } from './maintenance/expiry.js';
import { lowStock, restockAdvice } from './maintenance/low-stock.js';

/** All that runs in workers. */
export const jobs: readonly JobDefinition[] = [
  ...[salesReport, categoryRevenue, topProducts, customerCohorts, productTrends, conversionFunnel],
  ...[lowStock, restockAdvice, abandonedCarts, expiredSubscriptions],
  ...[dailyReport, dailySummary, dailySales, dailyTraffic],
];
