import { Counter, type Registry } from 'prom-client';

/** Of columns that are counted up in batches. */
export interface CountersMetrics {
  readonly flushes: Counter<'outcome'>;
  readonly lost: Counter;
}

export function createCountersMetrics(registers: Registry[]): CountersMetrics {
  return {
    flushes: new Counter({
      name: 'sluice_counters_flushes_total',
      help: 'Batches of counts by outcome (added, failed); what failed is tried again.',
      labelNames: ['outcome'],
      registers,
    }),
    lost: new Counter({
      name: 'sluice_counters_lost_total',
      help: 'Counts that were not added, or of which nobody knows it: too many rows waited, or the process ended while Redis and PostgreSQL were away.',
      registers,
    }),
  };
}
