import type { ScheduleDefinition } from '../../index.js';

/** What the shop does by itself; times are of UTC. */
export const schedules: readonly ScheduleDefinition[] = [
  { job: 'low-stock', cron: '5 * * * *' },
  { job: 'abandoned-carts', cron: '30 3 * * *' },
  { job: 'expired-subscriptions', cron: '*/10 * * * *' },
  { job: 'daily-report', cron: '15 0 * * *' },
];
