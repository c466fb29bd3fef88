import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

// From answers out of memory to the slowest a client waits for.
const DURATION_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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
  };
}
