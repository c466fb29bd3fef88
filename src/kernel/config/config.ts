/**
 * Everything that can be set from outside, read once at start by `readConfig`. Variables, bounds and
 * defaults stand in `settings.ts`.
 */
export interface Config {
  readonly env: 'development' | 'production';
  readonly database: {
    /** Null: an embedded PostgreSQL is started. */
    readonly url: string | null;
    /** Named prepared statements; off behind PgBouncer in transaction mode. */
    readonly prepared: boolean;
    readonly migrate: 'manual' | 'on-start';
    /** Connections at most, per process. */
    readonly poolSize: number;
    /** Further connections, for short reads; unused where nothing is prepared. */
    readonly pipelines: number;
    /** Longest that a short read may last on a connection that it shares. */
    readonly shortTimeoutMs: number;
    /** Reads that wait for a connection of the pool, at most. */
    readonly maxWaiting: number;
    /** 0: no limit. */
    readonly statementTimeoutMs: number;
    readonly connectTimeoutMs: number;
  };
  readonly redis: {
    /** Null: a private `redis-server` where one is on the PATH, else memory. */
    readonly url: string | null;
  };
  readonly http: {
    /** 0: any free port. */
    readonly port: number;
    readonly host: string;
    /** Origins that browsers may call from; `*` allows all. In development any port of localhost as well. */
    readonly corsOrigins: readonly string[];
    /** Addresses and ranges whose `X-Forwarded-…` headers are believed. */
    readonly trustedProxies: readonly string[];
    /** Without a trailing slash. */
    readonly cdnUrl: string | null;
    /** `visible`: without what the one who asks may not select. */
    readonly introspection: 'on' | 'off' | 'visible';
    /** Several operations in one HTTP request. */
    readonly batching: boolean;
    readonly maxBatchOperations: number;
    readonly maxBodyBytes: number;
    /** For all of a request to arrive. */
    readonly requestTimeoutMs: number;
    /** Idle ones included. */
    readonly maxConnections: number;
    readonly shutdownTimeoutMs: number;
    readonly graphiql: boolean;
    /** Lexical tokens of one GraphQL document. */
    readonly maxQueryTokens: number;
    /** Levels of fields below the operation, fragments unfolded. */
    readonly maxQueryDepth: number;
    /** In one operation, wherever a fragment spreads them. */
    readonly maxQueryAliases: number;
    readonly maxQueryRootFields: number;
    /** Fields and fragments of one operation, unfolded. */
    readonly maxQuerySelections: number;
    /** In one document. */
    readonly maxQueryDirectives: number;
    readonly maxQueryVariables: number;
    /** Life of an automatic persisted query since it was last registered. */
    readonly persistedQueryTtlSeconds: number;
    /** Responses of fewer bytes go out uncompressed. */
    readonly compressAboveBytes: number;
    /** For all checks of `/readyz` together. */
    readonly readinessTimeoutMs: number;
  };
  readonly reads: {
    readonly driver: 'pg' | 'prisma';
    readonly defaultPageRows: number;
    readonly maxPageRows: number;
    /** One statement per bound root field, where the driver can. */
    readonly plan: boolean;
    /** Models and relations (`Animal`, `Animal.foods`) whose reads are planned for their values. */
    readonly customPlans: readonly string[];
  };
  readonly execution: {
    /** Compiled code for operations that are planned whole; graphql-js for the rest, or for all. */
    readonly compiled: boolean;
  };
  /** What is let in at a time. */
  readonly admission: {
    readonly maxPerNode: number;
    readonly maxPerCaller: number;
    /** Requests that wait. */
    readonly maxQueued: number;
    readonly maxWaitMs: number;
    /** 0: it is not looked at. */
    readonly maxEventLoopLagMs: number;
  };
  readonly changes: {
    /** False: nothing is drained, followed or told. */
    readonly enabled: boolean;
    /** Beyond it a node uses none of its caches. */
    readonly maxLagMs: number;
    readonly pollIntervalMs: number;
    readonly logMaxRecords: number;
    /** Rows of the outbox that one drain names; more become a horizon. */
    readonly maxBacklogRows: number;
    /** For the drain that the answer to a write waits for. */
    readonly settleTimeoutMs: number;
    /** For the position that a request names. 0: it is never waited for. */
    readonly positionTimeoutMs: number;
    readonly captureCheckIntervalMs: number;
  };
  readonly counters: {
    /** How long counts wait before they are added to their rows. */
    readonly flushIntervalMs: number;
  };
  readonly subscriptions: {
    readonly maxPerNode: number;
    readonly maxPerCaller: number;
    readonly keepAliveMs: number;
  };
  readonly jobs: {
    /** False: nothing runs in the background. */
    readonly enabled: boolean;
    readonly worker: 'inside' | 'off';
    /** Of one queue, in each process. */
    readonly concurrency: number;
    readonly poolSize: number;
    readonly threads: number;
    /** Of one thread. */
    readonly threadHeapMb: number;
    /** Without a sign of life from a worker. */
    readonly lockMs: number;
    readonly shutdownTimeoutMs: number;
    /** Of the last good ones. */
    readonly resultTtlSeconds: number;
    readonly maxResultBytes: number;
    /** Jobs in one queue. */
    readonly maxWaiting: number;
    /** For an answer of the queues' service. */
    readonly queueTimeoutMs: number;
  };
  readonly cache: {
    /** False: nothing is kept. */
    readonly enabled: boolean;
    /** Null: the same as `redis.url`. */
    readonly redisUrl: string | null;
    /** Of each cache, in each process. */
    readonly memoryBytes: number;
    readonly maxEntryBytes: number;
    /** Entries of operations that differ in literals and variables alone, in memory. */
    readonly maxVariants: number;
    /** For a look-up in Redis. */
    readonly lookUpTimeoutMs: number;
    /** How long Redis is left alone once it was too slow. */
    readonly redisRetryMs: number;
    /** Larger bodies are compressed on their way to Redis. 0: none is. */
    readonly compressAboveBytes: number;
    /** What chance takes off an entry's life, at most. */
    readonly jitterPercent: number;
    /** So many of the operations that were asked most are answered before a server listens. 0: none is. */
    readonly warmRecorded: number;
    /** How long that may take. */
    readonly warmTimeoutMs: number;
    /** One in so many hits is checked. 0: none is. */
    readonly checkOneIn: number;
    readonly statusDetail: 'full' | 'outcome' | 'off';
  };
  readonly identity: {
    readonly jwtAlgorithm: JwtAlgorithm;
    /** Of HS256. Null: no token is accepted. In development the command line makes and keeps one. */
    readonly jwtSecret: string | null;
    /** Of RS256 and ES256, in PEM; null where `jwksUrl` isn't. */
    readonly jwtPublicKey: string | null;
    readonly jwksUrl: string | null;
    readonly jwksTimeoutMs: number;
    readonly jwksRefreshSeconds: number;
    /** Null: not checked. */
    readonly jwtIssuer: string | null;
    /** Null: not checked. */
    readonly jwtAudience: string | null;
    /** Verified tokens and keys in memory, at most. */
    readonly cacheEntries: number;
    /** How old a verification may be that nobody vouches for. */
    readonly recheckMs: number;
    /** Null: no browser sessions. In development the command line makes and keeps one. */
    readonly sessionSecret: string | null;
    readonly sessionTtlSeconds: number;
    /** How long what the app says of a session's viewer is used. */
    readonly viewerTtlMs: number;
  };
  readonly limits: {
    readonly mode: 'enforce' | 'dry-run' | 'off';
    readonly redisDeadlineMs: number;
    /** How long Redis is left alone once it was taken for lost. */
    readonly redisRetryMs: number;
    /** Among which limits are divided while Redis is lost. */
    readonly nodes: number;
    readonly onLoss: LossPolicies;
    /** Callers in memory. */
    readonly maxKeys: number;
    readonly block: {
      /** 0: nobody is blocked. */
      readonly violations: number;
      readonly windowSeconds: number;
      readonly seconds: number;
    };
    /** Keys of callers, addresses and ranges that are never blocked. */
    readonly allowList: readonly string[];
  };
  readonly log: {
    readonly level: LogLevel;
    readonly format: 'pretty' | 'json';
  };
}

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Signatures of bearer tokens (RFC 7518, 3.1). */
export const JWT_ALGORITHMS = ['HS256', 'RS256', 'ES256'] as const;
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/**
 * What a rule of limits does where the shared windows can't be reached: `open` grants, `local-share` lets each node grant
 * its part of the limit from its own memory, `closed` denies.
 */
export const LOSS_POLICIES = ['open', 'local-share', 'closed'] as const;
export type LossPolicy = (typeof LOSS_POLICIES)[number];

/** What each kind of rule does where Redis is lost. */
export interface LossPolicies {
  readonly requests: LossPolicy;
  readonly cost: LossPolicy;
  readonly field: LossPolicy;
}
