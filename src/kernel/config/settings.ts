import { createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { JWT_ALGORITHMS, LOG_LEVELS, LOSS_POLICIES, type LossPolicy } from './config.js';
import { choice, integer, list, redisUrl, type Setting, toggle, url } from './setting.js';

/** HS256 wants a key at least as long as its hash (RFC 7518, 3.2). */
const MIN_JWT_SECRET_CHARACTERS = 32;

const origin = z
  .string()
  .refine((text) => text === '*' || (URL.canParse(text) && new URL(text).origin === text));

/** An address, or a range such as `10.0.0.0/8`. */
const addressRange = z.string().refine((text) => {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
});

/** In an environment variable a line's end is often written as `\n`. */
const publicKey = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .refine((text) => text.startsWith('-----BEGIN PUBLIC KEY-----') && isReadableKey(text));

function isReadableKey(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    // Why it can't be read is of no help: it was cut off or is no key.
    return false;
  }
}

const words = (max: number) => z.string().max(max).nullable();

function lossPolicy(what: string): Setting<LossPolicy> {
  return choice(LOSS_POLICIES, {
    default: 'local-share',
    about: `What ${what} while Redis is lost: grant all; let each node grant its share; or grant nothing.`,
  });
}

/** Every variable that Sluice reads, in the order in which documentation lists them. */
export const SETTINGS = {
  SLUICE_ENV: choice(['development', 'production'], {
    default: 'development',
    about: 'What the other defaults are chosen for.',
  }),
  DATABASE_URL: url(['postgresql:', 'postgres:'], {
    about: 'The PostgreSQL to serve. Absent: an embedded one is started, migrated and seeded.',
    secret: 'password',
  }),
  SLUICE_DATABASE_PREPARED: toggle({
    default: true,
    about: 'Named prepared statements. Off for PgBouncer in transaction mode.',
  }),
  SLUICE_DATABASE_MIGRATE: choice(['manual', 'on-start'], {
    default: 'manual',
    about: 'When migrations run in a database of yours: on `sluice migrate` only, or at start as well.',
  }),
  SLUICE_DATABASE_POOL_SIZE: integer({
    min: 1,
    max: 1000,
    default: 10,
    about: 'Connections to PostgreSQL at most, per process.',
  }),
  SLUICE_DATABASE_PIPELINES: integer({
    min: 0,
    max: 16,
    default: 3,
    about:
      'Further connections for short reads, which share them without waiting for each other. 0: none; also with SLUICE_DATABASE_PREPARED=off.',
  }),
  SLUICE_DATABASE_SHORT_TIMEOUT_MS: integer({
    min: 10,
    max: 60_000,
    default: 1_000,
    about: 'A short read that takes longer is cancelled on its shared connection and runs on one of its own.',
  }),
  SLUICE_DATABASE_MAX_WAITING: integer({
    min: 1,
    max: 100_000,
    default: 1_000,
    about: 'Reads that wait for a connection at most; what comes then is refused with OVERLOADED.',
  }),
  SLUICE_DATABASE_STATEMENT_TIMEOUT_MS: integer({
    min: 0,
    max: 600_000,
    default: 10_000,
    about: 'A statement that runs longer is cancelled. 0: no limit.',
  }),
  SLUICE_DATABASE_CONNECT_TIMEOUT_MS: integer({
    min: 100,
    max: 120_000,
    default: 5_000,
    about: 'How long to wait for a connection, from the pool or from PostgreSQL.',
  }),
  REDIS_URL: redisUrl({
    about:
      'The Redis to use: redis://, redis+sentinel:// or redis+cluster://. Absent: a private redis-server where one is on the PATH, else memory.',
  }),
  PORT: integer({ min: 0, max: 65_535, default: 4000, about: 'Port to listen on. 0: any free one.' }),
  SLUICE_HTTP_HOST: {
    schema: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/),
    expected: 'a host name or an IP address',
    default: (env) => (env === 'production' ? '0.0.0.0' : '127.0.0.1'),
    about: 'Address to listen on. Default: 127.0.0.1 in development, 0.0.0.0 in production.',
  } satisfies Setting<string>,
  SLUICE_HTTP_CORS_ORIGINS: list(origin, {
    expected: 'origins such as https://www.example.com, separated by commas, or *',
    about: 'Where browsers may call from. In development any port of localhost as well.',
  }),
  SLUICE_HTTP_TRUSTED_PROXIES: list(addressRange, {
    expected: 'addresses and ranges such as 10.0.0.0/8 or ::1, separated by commas',
    about: 'Proxies of yours whose X-Forwarded-For, -Host and -Proto are believed. Absent: nobody is.',
  }),
  SLUICE_HTTP_CDN_URL: url(['https:', 'http:'], {
    about: 'What an app puts before the paths of its files. Absent: paths stay as they are.',
  }),
  SLUICE_HTTP_INTROSPECTION: choice(['on', 'off', 'visible'], {
    default: 'on',
    about: 'Whether clients may read the schema (`__schema`, `__type`); visible: what each may select of it.',
  }),
  SLUICE_HTTP_BATCHING: toggle({
    default: false,
    about: 'Several operations in one request, as a JSON array.',
  }),
  SLUICE_HTTP_MAX_BATCH_OPERATIONS: integer({
    min: 1,
    max: 1000,
    default: 20,
    about: 'Operations in one request at most, where SLUICE_HTTP_BATCHING is on.',
  }),
  SLUICE_HTTP_MAX_BODY_BYTES: integer({
    min: 1024,
    max: 104_857_600,
    default: 1_048_576,
    about: 'A request with a larger body is refused with 413.',
  }),
  SLUICE_HTTP_REQUEST_TIMEOUT_MS: integer({
    min: 100,
    max: 600_000,
    default: 30_000,
    about: 'How long a request may take to arrive, headers and body; slower clients are cut with 408.',
  }),
  SLUICE_HTTP_MAX_CONNECTIONS: integer({
    min: 1,
    max: 1_000_000,
    default: 16_000,
    about: 'Connections at most, idle ones included; further ones are closed at once.',
  }),
  SLUICE_HTTP_SHUTDOWN_TIMEOUT_MS: integer({
    min: 0,
    max: 600_000,
    default: 10_000,
    about: 'How long requests in flight may take to finish after SIGTERM, before they are cut.',
  }),
  SLUICE_HTTP_GRAPHIQL: toggle({
    default: (env) => env === 'development',
    about: 'Whether /graphiql is served. Default: on in development, off in production.',
  }),
  SLUICE_HTTP_MAX_QUERY_TOKENS: integer({
    min: 100,
    max: 1_000_000,
    default: 10_000,
    about: 'Lexical tokens of one GraphQL document at most.',
  }),
  SLUICE_HTTP_MAX_QUERY_DEPTH: integer({
    min: 1,
    max: 1000,
    default: 25,
    about: 'Levels of fields in one operation at most; introspection is not counted.',
  }),
  SLUICE_HTTP_MAX_QUERY_ALIASES: integer({
    min: 0,
    max: 100_000,
    default: 200,
    about: 'Aliases in one operation at most, counted wherever a fragment spreads them.',
  }),
  SLUICE_HTTP_MAX_QUERY_ROOT_FIELDS: integer({
    min: 1,
    max: 10_000,
    default: 30,
    about: 'Fields of Query or Mutation in one operation at most.',
  }),
  SLUICE_HTTP_MAX_QUERY_SELECTIONS: integer({
    min: 10,
    max: 10_000_000,
    default: 20_000,
    about: 'Fields and fragments that one operation may unfold to, each fragment wherever it is spread.',
  }),
  SLUICE_HTTP_MAX_QUERY_DIRECTIVES: integer({
    min: 0,
    max: 10_000,
    default: 200,
    about: 'Directives in one document at most.',
  }),
  SLUICE_HTTP_MAX_QUERY_VARIABLES: integer({
    min: 0,
    max: 10_000,
    default: 200,
    about: 'Variables of one operation at most.',
  }),
  SLUICE_HTTP_PERSISTED_QUERY_TTL_SECONDS: integer({
    min: 60,
    max: 31_536_000,
    default: 604_800,
    about: 'How long an automatic persisted query is remembered after it was registered.',
  }),
  SLUICE_HTTP_COMPRESS_ABOVE_BYTES: integer({
    min: 0,
    max: 104_857_600,
    default: 1024,
    about: 'Responses of fewer bytes go out uncompressed.',
  }),
  SLUICE_HTTP_READINESS_TIMEOUT_MS: integer({
    min: 50,
    max: 60_000,
    default: 1_000,
    about: 'How long the checks of /readyz may take; what is slower counts as failed.',
  }),
  SLUICE_READS_DRIVER: choice(['pg', 'prisma'], {
    default: 'pg',
    about: 'What rows are read through: pg, or Prisma Client as the reference.',
  }),
  SLUICE_READS_DEFAULT_PAGE_ROWS: integer({
    min: 1,
    max: 10_000,
    default: 20,
    about: 'Rows of a list or page whose query says neither `first` nor `last`.',
  }),
  SLUICE_READS_MAX_PAGE_ROWS: integer({
    min: 1,
    max: 10_000,
    default: 1_000,
    about: 'Rows of one list or page at most.',
  }),
  SLUICE_READS_PLAN: toggle({
    default: true,
    about:
      'Read a bound root field and all bound fields below it in one statement; only with SLUICE_READS_DRIVER=pg.',
  }),
  SLUICE_READS_CUSTOM_PLANS: list(z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/), {
    expected: 'models and relations such as Animal or Animal.foods, separated by commas',
    about: 'Models and relations whose reads PostgreSQL plans for their values each time, not once for all.',
  }),
  SLUICE_EXECUTION_COMPILED: toggle({
    default: true,
    about: 'Answer operations whose every field is planned by compiled code; off: graphql-js executes all.',
  }),
  SLUICE_ADMISSION_MAX_PER_NODE: integer({
    min: 1,
    max: 100_000,
    default: 256,
    about: 'Operations in flight at most, per process.',
  }),
  SLUICE_ADMISSION_MAX_PER_CALLER: integer({
    min: 1,
    max: 100_000,
    default: 64,
    about: 'Operations in flight at most of one caller, per process.',
  }),
  SLUICE_ADMISSION_MAX_QUEUED: integer({
    min: 0,
    max: 10_000,
    default: 256,
    about:
      'Requests at most that wait to be let in, the most trusted first; what comes then is refused with OVERLOADED.',
  }),
  SLUICE_ADMISSION_MAX_WAIT_MS: integer({
    min: 1,
    max: 60_000,
    default: 1_000,
    about: 'How long a request waits to be let in. Then it is refused with OVERLOADED.',
  }),
  SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: integer({
    min: 0,
    max: 60_000,
    default: 250,
    about:
      'How late the event loop may be before the least trusted are refused, and at each multiple the next tier. 0: any.',
  }),
  SLUICE_CHANGES: toggle({
    default: true,
    about:
      'Know every committed change. Off: nothing is drained or followed, there is no Sluice-Position, and nothing is kept by its changes.',
  }),
  SLUICE_CHANGES_MAX_LAG_MS: integer({
    min: 10,
    max: 60_000,
    default: 100,
    about: 'A node that cannot prove to know all changes up to this long ago uses none of its caches.',
  }),
  SLUICE_CHANGES_POLL_INTERVAL_MS: integer({
    min: 1,
    max: 30_000,
    default: 15,
    about: 'How often changes are asked for while there are requests; without any nobody asks.',
  }),
  SLUICE_CHANGES_LOG_MAX_RECORDS: integer({
    min: 1_000,
    max: 10_000_000,
    default: 100_000,
    about:
      'Records that the change log keeps, about: a node that starts reads them, and takes older changes for unknown.',
  }),
  SLUICE_CHANGES_MAX_BACKLOG_ROWS: integer({
    min: 1_000,
    max: 10_000_000,
    default: 100_000,
    about: 'Changes in one drain that are still told one by one. More void everything that was known before.',
  }),
  SLUICE_CHANGES_SETTLE_TIMEOUT_MS: integer({
    min: 50,
    max: 60_000,
    default: 1_000,
    about:
      'How long the answer to a write waits until everybody can know of it. Then it goes out without a position.',
  }),
  SLUICE_CHANGES_POSITION_TIMEOUT_MS: integer({
    min: 0,
    max: 60_000,
    default: 500,
    about: 'How long a request waits for the position that it names. Then it is answered without caches.',
  }),
  SLUICE_CHANGES_CAPTURE_CHECK_INTERVAL_MS: integer({
    min: 100,
    max: 600_000,
    default: 5_000,
    about: 'How often a node that is asked anything looks whether changes are still captured as it expects.',
  }),
  SLUICE_CACHE: toggle({
    default: true,
    about: 'Answers are kept as long as hints allow and nothing changes. Off: each one is computed.',
  }),
  SLUICE_CACHE_REDIS_URL: redisUrl({
    about: 'The Redis that keeps answers, where eviction is welcome. Absent: the one of REDIS_URL.',
  }),
  SLUICE_CACHE_MEMORY_BYTES: integer({
    min: 1024 * 1024,
    max: 64 * 1024 ** 3,
    default: 64 * 1024 * 1024,
    about: 'Memory that the entries of each cache may take, per process.',
  }),
  SLUICE_CACHE_MAX_ENTRY_BYTES: integer({
    min: 1024,
    max: 256 * 1024 * 1024,
    default: 1024 * 1024,
    about: 'Larger answers are not kept.',
  }),
  SLUICE_CACHE_MAX_VARIANTS: integer({
    min: 1,
    max: 10_000_000,
    default: 10_000,
    about: 'Entries in memory of operations that differ in literals and variables alone.',
  }),
  SLUICE_CACHE_LOOKUP_TIMEOUT_MS: integer({
    min: 1,
    max: 5_000,
    default: 50,
    about: 'How long Redis is waited for. Then it is left alone, and memory serves.',
  }),
  SLUICE_CACHE_REDIS_RETRY_MS: integer({
    min: 10,
    max: 60_000,
    default: 1_000,
    about: 'How long a Redis that was too slow is left alone, before someone asks whether that is over.',
  }),
  SLUICE_CACHE_COMPRESS_ABOVE_BYTES: integer({
    min: 0,
    max: 16 * 1024 * 1024,
    default: 4_096,
    about: 'Larger answers are compressed on their way to Redis. 0: none is.',
  }),
  SLUICE_CACHE_JITTER_PERCENT: integer({
    min: 0,
    max: 90,
    default: 10,
    about: "What chance takes off an entry's life at most, so that not all end at one time.",
  }),
  SLUICE_COUNTERS_FLUSH_INTERVAL_MS: integer({
    min: 50,
    max: 3_600_000,
    default: 2_000,
    about: 'How long counts wait at most before they are added to their rows.',
  }),
  SLUICE_SUBSCRIPTIONS_MAX_PER_NODE: integer({
    min: 0,
    max: 1_000_000,
    default: 10_000,
    about: 'Subscriptions that are open at a time, and connections by WebSocket, at most.',
  }),
  SLUICE_SUBSCRIPTIONS_MAX_PER_CALLER: integer({
    min: 0,
    max: 1_000_000,
    default: 20,
    about: 'Of these, of one caller.',
  }),
  SLUICE_SUBSCRIPTIONS_KEEP_ALIVE_MS: integer({
    min: 1_000,
    max: 600_000,
    default: 12_000,
    about:
      'How often a WebSocket is asked whether anybody is still there; who gives no answer until the next time is cut.',
  }),
  SLUICE_JOBS: toggle({
    default: true,
    about: 'Fields with @offload, and whatever else runs in the background.',
  }),
  SLUICE_JOBS_WORKER: choice(['inside', 'off'], {
    default: 'inside',
    about: 'Whether a server works its jobs off by itself, or leaves them to processes of `sluice worker`.',
  }),
  SLUICE_JOBS_CONCURRENCY: integer({
    min: 1,
    max: 100,
    default: 4,
    about: 'Jobs of one queue that a process works on at a time, at most.',
  }),
  SLUICE_JOBS_POOL_SIZE: integer({
    min: 1,
    max: 100,
    default: 5,
    about: 'Connections to PostgreSQL that jobs have of their own, per process.',
  }),
  SLUICE_JOBS_THREADS: integer({
    min: 1,
    max: 64,
    default: 1,
    about: 'Threads for jobs that compute, per process. They are started when they are needed.',
  }),
  SLUICE_JOBS_THREAD_HEAP_MB: integer({
    min: 16,
    max: 16_384,
    default: 256,
    about: 'Memory that a job in a thread may take; one that needs more fails, and nothing else does.',
  }),
  SLUICE_JOBS_LOCK_MS: integer({
    min: 1_000,
    max: 600_000,
    default: 30_000,
    about: 'How long a worker may give no sign of life before others take up its jobs.',
  }),
  SLUICE_JOBS_SHUTDOWN_TIMEOUT_MS: integer({
    min: 0,
    max: 600_000,
    default: 10_000,
    about: 'How long a worker that is to end finishes what it has; the rest is handed back for others.',
  }),
  SLUICE_JOBS_RESULT_TTL_SECONDS: integer({
    min: 60,
    max: 31_536_000,
    default: 604_800,
    about: 'How long the last good result of a field with @offload is kept.',
  }),
  SLUICE_JOBS_MAX_RESULT_BYTES: integer({
    min: 1_024,
    max: 268_435_456,
    default: 4_194_304,
    about: 'What a result may take; larger ones fail.',
  }),
  SLUICE_JOBS_MAX_WAITING: integer({
    min: 1,
    max: 100_000_000,
    default: 200_000,
    about: 'Jobs that wait in one queue, at most; further ones are refused.',
  }),
  SLUICE_JOBS_QUEUE_TIMEOUT_MS: integer({
    min: 50,
    max: 60_000,
    default: 2_000,
    about: 'How long the queues may take to answer before they are taken for lost.',
  }),
  SLUICE_CACHE_WARM_RECORDED: integer({
    min: 0,
    max: 500,
    default: 50,
    about:
      'So many of the operations that were asked most, today and yesterday, are answered before a server listens. 0: none is.',
  }),
  SLUICE_CACHE_WARM_TIMEOUT_MS: integer({
    min: 0,
    max: 600_000,
    default: 2_000,
    about: 'How long a server that starts fills its cache at most, before it listens.',
  }),
  SLUICE_CACHE_CHECK_ONE_IN: integer({
    min: 0,
    max: 1_000_000_000,
    default: 1_000,
    about:
      'One in so many answers from the cache is computed again in the background, and compared. 0: none is.',
  }),
  SLUICE_CACHE_STATUS: choice(['full', 'outcome', 'off'], {
    default: (env) => (env === 'production' ? 'outcome' : 'full'),
    about: 'What the Cache-Status header tells: all, with tags and fields; the outcome; or nothing.',
  }),
  SLUICE_IDENTITY_JWT_SECRET: {
    schema: z.string().min(MIN_JWT_SECRET_CHARACTERS).nullable(),
    expected: `at least ${MIN_JWT_SECRET_CHARACTERS} characters`,
    default: null,
    about: 'The key that bearer tokens are signed with (HS256). Absent: no token is accepted in production.',
    secret: 'value',
  } as Setting<string | null>,
  SLUICE_IDENTITY_JWT_ALGORITHM: choice(JWT_ALGORITHMS, {
    default: 'HS256',
    about: 'How bearer tokens are signed. No other algorithm is accepted, whatever a token says.',
  }),
  SLUICE_IDENTITY_JWT_PUBLIC_KEY: {
    schema: publicKey.nullable(),
    expected: 'a public key in PEM (-----BEGIN PUBLIC KEY-----), line ends also as \\n',
    default: null,
    about: 'The key that bearer tokens are checked with, for RS256 and ES256.',
  } as Setting<string | null>,
  SLUICE_IDENTITY_JWKS_URL: url(['https:', 'http:'], {
    about: 'Where the keys are that bearer tokens are checked with, in place of one public key.',
  }),
  SLUICE_IDENTITY_JWKS_TIMEOUT_MS: integer({
    min: 100,
    max: 60_000,
    default: 3_000,
    about: 'How long to wait for those keys.',
  }),
  SLUICE_IDENTITY_JWKS_REFRESH_SECONDS: integer({
    min: 10,
    max: 86_400,
    default: 600,
    about: 'How old those keys may become before they are fetched again, while the old ones serve on.',
  }),
  SLUICE_IDENTITY_JWT_ISSUER: {
    schema: words(1024),
    expected: 'at most 1024 characters',
    default: null,
    about: 'What a token must have as `iss`. Absent: anything.',
  } as Setting<string | null>,
  SLUICE_IDENTITY_JWT_AUDIENCE: {
    schema: words(1024),
    expected: 'at most 1024 characters',
    default: null,
    about: 'What a token must have as `aud`, or among it. Absent: anything.',
  } as Setting<string | null>,
  SLUICE_IDENTITY_CACHE_ENTRIES: integer({
    min: 0,
    max: 1_000_000,
    default: 10_000,
    about: 'Verified tokens, and as many verified API keys, that are remembered at most.',
  }),
  SLUICE_IDENTITY_RECHECK_MS: integer({
    min: 0,
    max: 60_000,
    default: 5_000,
    about:
      'Where changes are not followed or not trusted: how long a verified token or key is used before PostgreSQL is asked again whether it is revoked.',
  }),
  SLUICE_IDENTITY_SESSION_SECRET: {
    schema: z.string().min(MIN_JWT_SECRET_CHARACTERS).nullable(),
    expected: `at least ${MIN_JWT_SECRET_CHARACTERS} characters`,
    default: null,
    about: 'The key that cookies of browser sessions are signed with. Absent: no sessions in production.',
    secret: 'value',
  } as Setting<string | null>,
  SLUICE_IDENTITY_SESSION_TTL_SECONDS: integer({
    min: 60,
    max: 31_536_000,
    default: 604_800,
    about: 'How long a browser session lasts after signing in.',
  }),
  SLUICE_IDENTITY_VIEWER_TTL_MS: integer({
    min: 0,
    max: 60_000,
    default: 2_000,
    about: "How long the tier and scopes that the app gave for a session's viewer are used.",
  }),
  SLUICE_LIMITS: choice(['enforce', 'dry-run', 'off'], {
    default: (env) => (env === 'production' ? 'enforce' : 'dry-run'),
    about:
      'What becomes of callers beyond their limits: refused; told of and served all the same; or nobody counts. Default: dry-run in development, enforce in production.',
  }),
  SLUICE_LIMITS_REDIS_DEADLINE_MS: integer({
    min: 5,
    max: 10_000,
    default: 50,
    about: 'Redis that takes longer to count is taken for lost, and rules follow their policies.',
  }),
  SLUICE_LIMITS_REDIS_RETRY_MS: integer({
    min: 10,
    max: 600_000,
    default: 1_000,
    about: 'How long Redis is left alone after that, before a probe finds out whether it is back.',
  }),
  SLUICE_LIMITS_NODES: integer({
    min: 1,
    max: 10_000,
    default: 1,
    about: 'Nodes among which limits are divided while Redis is lost (local-share).',
  }),
  SLUICE_LIMITS_ON_LOSS_REQUESTS: lossPolicy("tiers' windows of requests do"),
  SLUICE_LIMITS_ON_LOSS_COST: lossPolicy("tiers' limits of cost do"),
  SLUICE_LIMITS_ON_LOSS_FIELDS: lossPolicy('limits of single fields do'),
  SLUICE_LIMITS_MAX_KEYS: integer({
    min: 100,
    max: 10_000_000,
    default: 100_000,
    about: 'Callers whose budgets are kept in memory, without Redis or while it is lost.',
  }),
  SLUICE_LIMITS_BLOCK_VIOLATIONS: integer({
    min: 0,
    max: 1_000,
    default: 10,
    about:
      'Violations within SLUICE_LIMITS_BLOCK_WINDOW_SECONDS after which a caller is blocked; one per window of a rule counts. 0: nobody is.',
  }),
  SLUICE_LIMITS_BLOCK_WINDOW_SECONDS: integer({
    min: 1,
    max: 604_800,
    default: 3_600,
    about: 'How long a violation counts towards a block.',
  }),
  SLUICE_LIMITS_BLOCK_SECONDS: integer({
    min: 1,
    max: 2_678_400,
    default: 86_400,
    about: 'How long a caller is blocked.',
  }),
  SLUICE_LIMITS_ALLOW_LIST: list(z.string().min(1).max(256), {
    expected: "callers' keys, addresses and ranges such as 10.0.0.0/8, separated by commas",
    about: 'Who is never blocked. Limits hold for them as well; loopback is never blocked either.',
  }),
  SLUICE_LOG_LEVEL: choice(LOG_LEVELS, { default: 'info', about: 'What is logged, and what is worse.' }),
  SLUICE_LOG_FORMAT: choice(['pretty', 'json'], {
    default: (env) => (env === 'production' ? 'json' : 'pretty'),
    about: 'For people or for machines. Default: pretty in development, json in production.',
  }),
};

export type Variable = keyof typeof SETTINGS;

/** The type of a variable once read. */
export type SettingValue<Name extends Variable> =
  (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
