import pg from 'pg';
import { SessionClient } from './session-client.js';

/** What `Config.database` says about connections. */
export interface PoolSettings {
  readonly url: string;
  /** False where the URL leads to a pooler that swaps connections between transactions. */
  readonly prepared: boolean;
  /** Connections at most. */
  readonly poolSize: number;
  /** Longest that one statement may last; 0 for no limit. */
  readonly statementTimeoutMs: number;
  /** Longest to wait for a connection, be it a new one or one that comes free; 0 for no limit. */
  readonly connectTimeoutMs: number;
  /** What `pg_stat_activity` shows; `sluice` unless given. */
  readonly applicationName?: string;
  /** Told of a connection that broke while nobody used it. The pool has already let go of it. */
  readonly onIdleError?: (error: Error) => void;
}

/** Statements are prepared per connection: an idle one is worth keeping over a quiet spell. */
const IDLE_TIMEOUT_MS = 600_000;
/** How much later than the server this side gives up, so that it is the server that stops working. */
export const ANSWER_GRACE_MS = 1_000;

/**
 * A pool whose sessions print dates in the ISO style and UTC whatever the database is set to, directly and
 * through PgBouncer. The caller ends it.
 *
 * The server enforces the statement timeout; behind a transaction pooler, which takes no such setting at
 * connect and would hand a later one on to other clients, this side does, by dropping the connection.
 */
export function createPool(settings: PoolSettings): pg.Pool {
  const { url, prepared, poolSize, statementTimeoutMs, connectTimeoutMs } = settings;
  const graceMs = prepared ? ANSWER_GRACE_MS : 0;
  const pool = new pg.Pool({
    connectionString: url,
    Client: SessionClient,
    application_name: settings.applicationName ?? 'sluice',
    max: poolSize,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    ...(statementTimeoutMs > 0 && {
      query_timeout: statementTimeoutMs + graceMs,
      ...(prepared && { statement_timeout: statementTimeoutMs }),
    }),
  });
  // Without a listener, a restart of PostgreSQL would end the process.
  pool.on('error', settings.onIdleError ?? letGo);
  return pool;
}

/** The pool has removed the broken connection; the next read opens another. */
function letGo(): void {}

/** The name of the database that a URL leads to; empty where it names none. */
export function readDatabaseName(url: string): string {
  const name = /^[a-z]+:\/\/[^/?#]*\/([^?#]*)/i.exec(url)?.[1] ?? '';
  return decodeURIComponent(name);
}

/** The schema that a Prisma URL names (`?schema=…`), or `public`, which Prisma takes where it names none. */
export function readSchemaName(url: string): string {
  // Not read by URL, which refuses lists of hosts.
  const name = /[?&]schema=([^&#]+)/.exec(url)?.[1];
  return name === undefined ? 'public' : decodeURIComponent(name);
}
