import { SluiceError } from '../sluice-error.js';
import { didYouMean } from '../suggestion.js';
import type { Config } from './config.js';
import { findIdentityFaults } from './identity-faults.js';
import { redactValue } from './redact-value.js';
import type { Setting } from './setting.js';
import { SETTINGS, type SettingValue, type Variable } from './settings.js';

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 *
 * @throws SluiceError `CONFIG_INVALID` that lists every fault at once, secrets redacted
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const faults = findUnknownVariables(env);
  const environment = env.SLUICE_ENV === 'production' ? 'production' : 'development';

  function read<Name extends Variable>(name: Name): SettingValue<Name> {
    const setting = SETTINGS[name] as Setting<unknown>;
    const fallback = () =>
      typeof setting.default === 'function' ? setting.default(environment) : setting.default;
    const text = env[name]?.trim();
    if (text === undefined || text === '') return fallback() as SettingValue<Name>;
    const result = setting.schema.safeParse(text);
    if (result.success) return result.data as SettingValue<Name>;
    faults.push(`${name} is ${redactValue(text, setting.secret)}: expected ${setting.expected}`);
    return fallback() as SettingValue<Name>;
  }

  const config: Config = {
    env: read('SLUICE_ENV'),
    database: {
      url: read('DATABASE_URL'),
      prepared: read('SLUICE_DATABASE_PREPARED'),
      migrate: read('SLUICE_DATABASE_MIGRATE'),
      poolSize: read('SLUICE_DATABASE_POOL_SIZE'),
      pipelines: read('SLUICE_DATABASE_PIPELINES'),
      shortTimeoutMs: read('SLUICE_DATABASE_SHORT_TIMEOUT_MS'),
      maxWaiting: read('SLUICE_DATABASE_MAX_WAITING'),
      statementTimeoutMs: read('SLUICE_DATABASE_STATEMENT_TIMEOUT_MS'),
      connectTimeoutMs: read('SLUICE_DATABASE_CONNECT_TIMEOUT_MS'),
    },
    redis: { url: read('REDIS_URL') },
    http: {
      port: read('PORT'),
      host: read('SLUICE_HTTP_HOST'),
      corsOrigins: read('SLUICE_HTTP_CORS_ORIGINS'),
      trustedProxies: read('SLUICE_HTTP_TRUSTED_PROXIES'),
      cdnUrl: read('SLUICE_HTTP_CDN_URL')?.replace(/\/+$/, '') ?? null,
      introspection: read('SLUICE_HTTP_INTROSPECTION'),
      batching: read('SLUICE_HTTP_BATCHING'),
      maxBatchOperations: read('SLUICE_HTTP_MAX_BATCH_OPERATIONS'),
      maxBodyBytes: read('SLUICE_HTTP_MAX_BODY_BYTES'),
      requestTimeoutMs: read('SLUICE_HTTP_REQUEST_TIMEOUT_MS'),
      maxConnections: read('SLUICE_HTTP_MAX_CONNECTIONS'),
      shutdownTimeoutMs: read('SLUICE_HTTP_SHUTDOWN_TIMEOUT_MS'),
      graphiql: read('SLUICE_HTTP_GRAPHIQL'),
      maxQueryTokens: read('SLUICE_HTTP_MAX_QUERY_TOKENS'),
      maxQueryDepth: read('SLUICE_HTTP_MAX_QUERY_DEPTH'),
      maxQueryAliases: read('SLUICE_HTTP_MAX_QUERY_ALIASES'),
      maxQueryRootFields: read('SLUICE_HTTP_MAX_QUERY_ROOT_FIELDS'),
      maxQuerySelections: read('SLUICE_HTTP_MAX_QUERY_SELECTIONS'),
      maxQueryDirectives: read('SLUICE_HTTP_MAX_QUERY_DIRECTIVES'),
      maxQueryVariables: read('SLUICE_HTTP_MAX_QUERY_VARIABLES'),
      persistedQueryTtlSeconds: read('SLUICE_HTTP_PERSISTED_QUERY_TTL_SECONDS'),
      compressAboveBytes: read('SLUICE_HTTP_COMPRESS_ABOVE_BYTES'),
      readinessTimeoutMs: read('SLUICE_HTTP_READINESS_TIMEOUT_MS'),
    },
    reads: {
      driver: read('SLUICE_READS_DRIVER'),
      defaultPageRows: read('SLUICE_READS_DEFAULT_PAGE_ROWS'),
      maxPageRows: read('SLUICE_READS_MAX_PAGE_ROWS'),
      plan: read('SLUICE_READS_PLAN'),
      customPlans: read('SLUICE_READS_CUSTOM_PLANS'),
    },
    execution: { compiled: read('SLUICE_EXECUTION_COMPILED') },
    admission: {
      maxPerNode: read('SLUICE_ADMISSION_MAX_PER_NODE'),
      maxPerCaller: read('SLUICE_ADMISSION_MAX_PER_CALLER'),
      maxQueued: read('SLUICE_ADMISSION_MAX_QUEUED'),
      maxWaitMs: read('SLUICE_ADMISSION_MAX_WAIT_MS'),
      maxEventLoopLagMs: read('SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS'),
    },
    changes: {
      enabled: read('SLUICE_CHANGES'),
      maxLagMs: read('SLUICE_CHANGES_MAX_LAG_MS'),
      pollIntervalMs: read('SLUICE_CHANGES_POLL_INTERVAL_MS'),
      logMaxRecords: read('SLUICE_CHANGES_LOG_MAX_RECORDS'),
      maxBacklogRows: read('SLUICE_CHANGES_MAX_BACKLOG_ROWS'),
      settleTimeoutMs: read('SLUICE_CHANGES_SETTLE_TIMEOUT_MS'),
      positionTimeoutMs: read('SLUICE_CHANGES_POSITION_TIMEOUT_MS'),
      captureCheckIntervalMs: read('SLUICE_CHANGES_CAPTURE_CHECK_INTERVAL_MS'),
    },
    counters: { flushIntervalMs: read('SLUICE_COUNTERS_FLUSH_INTERVAL_MS') },
    subscriptions: {
      maxPerNode: read('SLUICE_SUBSCRIPTIONS_MAX_PER_NODE'),
      maxPerCaller: read('SLUICE_SUBSCRIPTIONS_MAX_PER_CALLER'),
      keepAliveMs: read('SLUICE_SUBSCRIPTIONS_KEEP_ALIVE_MS'),
    },
    jobs: {
      enabled: read('SLUICE_JOBS'),
      worker: read('SLUICE_JOBS_WORKER'),
      concurrency: read('SLUICE_JOBS_CONCURRENCY'),
      poolSize: read('SLUICE_JOBS_POOL_SIZE'),
      threads: read('SLUICE_JOBS_THREADS'),
      threadHeapMb: read('SLUICE_JOBS_THREAD_HEAP_MB'),
      lockMs: read('SLUICE_JOBS_LOCK_MS'),
      shutdownTimeoutMs: read('SLUICE_JOBS_SHUTDOWN_TIMEOUT_MS'),
      resultTtlSeconds: read('SLUICE_JOBS_RESULT_TTL_SECONDS'),
      maxResultBytes: read('SLUICE_JOBS_MAX_RESULT_BYTES'),
      maxWaiting: read('SLUICE_JOBS_MAX_WAITING'),
      queueTimeoutMs: read('SLUICE_JOBS_QUEUE_TIMEOUT_MS'),
    },
    cache: {
      enabled: read('SLUICE_CACHE'),
      redisUrl: read('SLUICE_CACHE_REDIS_URL'),
      memoryBytes: read('SLUICE_CACHE_MEMORY_BYTES'),
      maxEntryBytes: read('SLUICE_CACHE_MAX_ENTRY_BYTES'),
      maxVariants: read('SLUICE_CACHE_MAX_VARIANTS'),
      lookUpTimeoutMs: read('SLUICE_CACHE_LOOKUP_TIMEOUT_MS'),
      redisRetryMs: read('SLUICE_CACHE_REDIS_RETRY_MS'),
      compressAboveBytes: read('SLUICE_CACHE_COMPRESS_ABOVE_BYTES'),
      jitterPercent: read('SLUICE_CACHE_JITTER_PERCENT'),
      warmRecorded: read('SLUICE_CACHE_WARM_RECORDED'),
      warmTimeoutMs: read('SLUICE_CACHE_WARM_TIMEOUT_MS'),
      checkOneIn: read('SLUICE_CACHE_CHECK_ONE_IN'),
      statusDetail: read('SLUICE_CACHE_STATUS'),
    },
    identity: {
      jwtAlgorithm: read('SLUICE_IDENTITY_JWT_ALGORITHM'),
      jwtSecret: read('SLUICE_IDENTITY_JWT_SECRET'),
      jwtPublicKey: read('SLUICE_IDENTITY_JWT_PUBLIC_KEY'),
      jwksUrl: read('SLUICE_IDENTITY_JWKS_URL'),
      jwksTimeoutMs: read('SLUICE_IDENTITY_JWKS_TIMEOUT_MS'),
      jwksRefreshSeconds: read('SLUICE_IDENTITY_JWKS_REFRESH_SECONDS'),
      jwtIssuer: read('SLUICE_IDENTITY_JWT_ISSUER'),
      jwtAudience: read('SLUICE_IDENTITY_JWT_AUDIENCE'),
      cacheEntries: read('SLUICE_IDENTITY_CACHE_ENTRIES'),
      recheckMs: read('SLUICE_IDENTITY_RECHECK_MS'),
      sessionSecret: read('SLUICE_IDENTITY_SESSION_SECRET'),
      sessionTtlSeconds: read('SLUICE_IDENTITY_SESSION_TTL_SECONDS'),
      viewerTtlMs: read('SLUICE_IDENTITY_VIEWER_TTL_MS'),
    },
    limits: {
      mode: read('SLUICE_LIMITS'),
      redisDeadlineMs: read('SLUICE_LIMITS_REDIS_DEADLINE_MS'),
      redisRetryMs: read('SLUICE_LIMITS_REDIS_RETRY_MS'),
      nodes: read('SLUICE_LIMITS_NODES'),
      onLoss: {
        requests: read('SLUICE_LIMITS_ON_LOSS_REQUESTS'),
        cost: read('SLUICE_LIMITS_ON_LOSS_COST'),
        field: read('SLUICE_LIMITS_ON_LOSS_FIELDS'),
      },
      maxKeys: read('SLUICE_LIMITS_MAX_KEYS'),
      block: {
        violations: read('SLUICE_LIMITS_BLOCK_VIOLATIONS'),
        windowSeconds: read('SLUICE_LIMITS_BLOCK_WINDOW_SECONDS'),
        seconds: read('SLUICE_LIMITS_BLOCK_SECONDS'),
      },
      allowList: read('SLUICE_LIMITS_ALLOW_LIST'),
    },
    log: { level: read('SLUICE_LOG_LEVEL'), format: read('SLUICE_LOG_FORMAT') },
  };

  if (config.reads.defaultPageRows > config.reads.maxPageRows) {
    faults.push(
      `SLUICE_READS_DEFAULT_PAGE_ROWS is ${config.reads.defaultPageRows}: ` +
        `expected at most SLUICE_READS_MAX_PAGE_ROWS, which is ${config.reads.maxPageRows}`,
    );
  }
  if (config.changes.pollIntervalMs * 2 > config.changes.maxLagMs) {
    faults.push(
      `SLUICE_CHANGES_POLL_INTERVAL_MS is ${config.changes.pollIntervalMs}: ` +
        `expected at most half of SLUICE_CHANGES_MAX_LAG_MS, which is ${config.changes.maxLagMs}`,
    );
  }
  faults.push(...findIdentityFaults(config));
  if (faults.length > 0) throw configInvalid(faults);
  return config;
}

// A misspelt variable would otherwise be a setting that silently does nothing.
function findUnknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = Object.keys(SETTINGS);
  return Object.keys(env)
    .filter((name) => name.startsWith('SLUICE_') && !known.includes(name))
    .sort()
    .map((name) => `${name} is unknown${didYouMean(name, known)}`);
}

function configInvalid(faults: readonly string[]): SluiceError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  return new SluiceError(
    'CONFIG_INVALID',
    `The environment has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    { hint: 'Mend or unset these environment variables.' },
  );
}
