import { Counter, Gauge, type Registry } from 'prom-client';

/** Of what is kept. */
export interface CacheMetrics {
  readonly responses: Counter<'outcome'>;
  readonly lookUps: Counter<'cache' | 'tier' | 'outcome'>;
  readonly refusals: Counter;
  readonly evictions: Counter<'cache' | 'reason'>;
  readonly redisFailures: Counter<'operation'>;
  readonly fields: Counter<'outcome'>;
  readonly mismatches: Counter;
  readonly entries: Gauge<'cache'>;
  readonly bytes: Gauge<'cache'>;
}

export function createCacheMetrics(registers: Registry[]): CacheMetrics {
  return {
    responses: new Counter({
      name: 'sluice_cache_responses_total',
      help: 'Answers to queries by what the cache had to do with them (hit, stale, collapsed, stale_if_error, absent, expired, void, untrusted, partial, bypass).',
      labelNames: ['outcome'],
      registers,
    }),
    lookUps: new Counter({
      name: 'sluice_cache_lookups_total',
      help: 'Look-ups by cache, tier and outcome (hit, miss).',
      labelNames: ['cache', 'tier', 'outcome'],
      registers,
    }),
    refusals: new Counter({
      name: 'sluice_cache_refusals_total',
      help: 'Answers that their policy lets be kept and that could not be: what they depend on was not known.',
      registers,
    }),
    evictions: new Counter({
      name: 'sluice_cache_evictions_total',
      help: 'Entries that had to leave memory, by cache and reason (bytes, variants).',
      labelNames: ['cache', 'reason'],
      registers,
    }),
    redisFailures: new Counter({
      name: 'sluice_cache_redis_failures_total',
      help: 'Times that Redis did not answer in time, by operation (get, set, delete, lease, record).',
      labelNames: ['operation'],
      registers,
    }),
    fields: new Counter({
      name: 'sluice_cache_fields_total',
      help: 'Results of hand-written fields with a life of their own, by what the cache had to do with them (hit, absent, expired, void, untrusted).',
      labelNames: ['outcome'],
      registers,
    }),
    mismatches: new Counter({
      name: 'sluice_cache_mismatches_total',
      help: 'Kept answers that a check found to differ from the computed one, though nothing had changed.',
      registers,
    }),
    entries: new Gauge({
      name: 'sluice_cache_entries',
      help: 'Entries in memory.',
      labelNames: ['cache'],
      registers,
    }),
    bytes: new Gauge({
      name: 'sluice_cache_bytes',
      help: 'Bytes that the entries in memory take.',
      labelNames: ['cache'],
      registers,
    }),
  };
}
