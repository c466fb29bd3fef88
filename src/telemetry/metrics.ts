import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type CacheMetrics, createCacheMetrics } from './cache-metrics.js';
import { type CountersMetrics, createCountersMetrics } from './counters-metrics.js';
import { createJobsMetrics, type JobsMetrics } from './jobs-metrics.js';
import { createSubscriptionsMetrics, type SubscriptionsMetrics } from './subscriptions-metrics.js';

// From answers out of memory to the slowest a client waits for.
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Of the change log; gauges are set when someone asks for them. */
export interface ChangesMetrics {
  readonly lagSeconds: Gauge;
  readonly positionId: Gauge;
  readonly horizonId: Gauge;
  readonly outboxRows: Gauge;
  readonly outboxAgeSeconds: Gauge;
  readonly drains: Counter<'outcome'>;
  readonly drainsShared: Counter;
  readonly drainDurationSeconds: Histogram;
  readonly trustLost: Counter<'cause'>;
  readonly settles: Counter<'cause' | 'outcome'>;
  readonly positionWaits: Counter<'outcome'>;
}

/** Of what callers may spend. */
export interface LimitsMetrics {
  readonly decisions: Counter<'rule' | 'outcome'>;
  readonly operations: Counter<'outcome' | 'decider'>;
  readonly dryRunDenials: Counter;
  readonly redisCalls: Counter<'outcome'>;
  readonly redisCallOperations: Histogram;
  readonly redisLost: Counter<'cause'>;
  readonly blocks: Counter<'event'>;
  readonly evictions: Counter;
}

/** Of who asks. */
export interface IdentityMetrics {
  readonly verifications: Counter<'kind' | 'outcome'>;
  readonly keySetFetchFailures: Counter;
}

/** Labels take values from closed sets only: each combination is a series that is kept for ever. */
export interface Metrics {
  readonly registry: Registry;
  readonly httpRequests: Counter<'method' | 'route' | 'status'>;
  readonly httpDurationSeconds: Histogram<'method' | 'route'>;
  readonly httpInFlight: Gauge;
  readonly operations: Counter<'type' | 'outcome'>;
  /** Errors in GraphQL responses. */
  readonly errors: Counter<'code'>;
  readonly statements: Counter<'driver'>;
  readonly persistedQueries: Counter<'outcome'>;
  readonly persistedQueryStoreFailures: Counter<'operation'>;
  readonly changes: ChangesMetrics;
  readonly limits: LimitsMetrics;
  readonly identity: IdentityMetrics;
  readonly cache: CacheMetrics;
  readonly counters: CountersMetrics;
  readonly jobs: JobsMetrics;
  readonly subscriptions: SubscriptionsMetrics;
}

/**
 * A registry of its own with Sluice's metrics, Node's and the process's (event loop lag among them). One per
 * process; a second one counts apart.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    httpRequests: new Counter({
      name: 'sluice_http_requests_total',
      help: 'HTTP requests answered.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    httpDurationSeconds: new Histogram({
      name: 'sluice_http_request_duration_seconds',
      help: 'From the arrival of a request to the end of its response.',
      labelNames: ['method', 'route'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    }),
    httpInFlight: new Gauge({
      name: 'sluice_http_requests_in_flight',
      help: 'HTTP requests that have arrived and are not answered yet.',
      registers,
    }),
    operations: new Counter({
      name: 'sluice_graphql_operations_total',
      help: 'GraphQL operations by type (query, mutation, subscription, unknown) and outcome (ok, partial, failed, refused).',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'sluice_graphql_errors_total',
      help: 'Errors in GraphQL responses by extensions.code; OTHER for codes of an app.',
      labelNames: ['code'],
      registers,
    }),
    statements: new Counter({
      name: 'sluice_database_statements_total',
      help: 'SQL statements sent, by what rows are read through.',
      labelNames: ['driver'],
      registers,
    }),
    persistedQueries: new Counter({
      name: 'sluice_http_persisted_queries_total',
      help: 'Look-ups of automatic persisted queries by outcome (memory, redis, miss).',
      labelNames: ['outcome'],
      registers,
    }),
    persistedQueryStoreFailures: new Counter({
      name: 'sluice_http_persisted_query_store_failures_total',
      help: 'Times that Redis could not be asked and memory alone answered, by operation (get, set).',
      labelNames: ['operation'],
      registers,
    }),
    changes: createChangesMetrics(registers),
    limits: createLimitsMetrics(registers),
    identity: createIdentityMetrics(registers),
    cache: createCacheMetrics(registers),
    counters: createCountersMetrics(registers),
    jobs: createJobsMetrics(registers),
    subscriptions: createSubscriptionsMetrics(registers),
  };
}

function createIdentityMetrics(registers: Registry[]): IdentityMetrics {
  return {
    verifications: new Counter({
      name: 'sluice_identity_verifications_total',
      help: 'Credentials that were checked, not found in memory, by kind (token, key, session) and outcome (ok, refused, unavailable).',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    keySetFetchFailures: new Counter({
      name: 'sluice_identity_key_set_fetch_failures_total',
      help: 'Times that the keys for tokens could not be fetched from their JWKS URL.',
      registers,
    }),
  };
}

function createChangesMetrics(registers: Registry[]): ChangesMetrics {
  return {
    lagSeconds: new Gauge({
      name: 'sluice_changes_lag_seconds',
      help: 'Age of the last proof that every committed change is known here. Grows while there are no requests.',
      registers,
    }),
    positionId: new Gauge({
      name: 'sluice_changes_position_id',
      help: 'The last id of the change log that is applied here.',
      registers,
    }),
    horizonId: new Gauge({
      name: 'sluice_changes_horizon_id',
      help: 'Changes up to this id are not known one by one: whatever was kept before is void.',
      registers,
    }),
    outboxRows: new Gauge({
      name: 'sluice_changes_outbox_rows',
      help: 'Committed changes that wait to be drained.',
      registers,
    }),
    outboxAgeSeconds: new Gauge({
      name: 'sluice_changes_outbox_age_seconds',
      help: 'Age of the oldest change that waits to be drained.',
      registers,
    }),
    drains: new Counter({
      name: 'sluice_changes_drains_total',
      help: 'Drains of the outbox by outcome (empty, appended, refused, failed).',
      labelNames: ['outcome'],
      registers,
    }),
    drainsShared: new Counter({
      name: 'sluice_changes_drains_shared_total',
      help: 'Times that someone joined a drain that was about to run anyway.',
      registers,
    }),
    drainDurationSeconds: new Histogram({
      name: 'sluice_changes_drain_duration_seconds',
      help: 'From the begin of a drain to its commit.',
      buckets: DURATION_BUCKETS_SECONDS,
      registers,
    }),
    trustLost: new Counter({
      name: 'sluice_changes_trust_lost_total',
      help: 'Times that caches had to stand aside, by cause (starting, pending-write, lagging, log-away, not-captured).',
      labelNames: ['cause'],
      registers,
    }),
    settles: new Counter({
      name: 'sluice_changes_settles_total',
      help: 'Operations that wrote or may have (cause: wrote, may-have-written) and whether everybody could be told in time (outcome: drained, pending).',
      labelNames: ['cause', 'outcome'],
      registers,
    }),
    positionWaits: new Counter({
      name: 'sluice_changes_position_waits_total',
      help: 'Requests with a position by outcome (reached, primary, refused).',
      labelNames: ['outcome'],
      registers,
    }),
  };
}

function createLimitsMetrics(registers: Registry[]): LimitsMetrics {
  return {
    decisions: new Counter({
      name: 'sluice_limits_decisions_total',
      help: 'Charges by kind of rule (requests, cost, field, other) and whether their budget had room (outcome: granted, denied).',
      labelNames: ['rule', 'outcome'],
      registers,
    }),
    operations: new Counter({
      name: 'sluice_limits_operations_total',
      help: 'Operations by outcome (granted, limited, blocked, unavailable) and who counted (redis, memory, fallback).',
      labelNames: ['outcome', 'decider'],
      registers,
    }),
    dryRunDenials: new Counter({
      name: 'sluice_limits_dry_run_denials_total',
      help: 'Operations that were granted only because limits run dry.',
      registers,
    }),
    redisCalls: new Counter({
      name: 'sluice_limits_redis_calls_total',
      help: 'Calls of Redis by outcome (answered, failed).',
      labelNames: ['outcome'],
      registers,
    }),
    redisCallOperations: new Histogram({
      name: 'sluice_limits_redis_call_operations',
      help: 'Operations that one call of Redis decided.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    }),
    redisLost: new Counter({
      name: 'sluice_limits_redis_lost_total',
      help: 'Times that rules fell back on their policies for the loss of Redis, by cause (away, timeout, failed).',
      labelNames: ['cause'],
      registers,
    }),
    blocks: new Counter({
      name: 'sluice_limits_blocks_total',
      help: 'Callers that were blocked here, blocks that were lifted here, and those that could not be written down (event: blocked, lifted, unrecorded).',
      labelNames: ['event'],
      registers,
    }),
    evictions: new Counter({
      name: 'sluice_limits_memory_evictions_total',
      help: 'Callers that were forgotten in memory before their windows had passed, since there were too many.',
      registers,
    }),
  };
}
