import { Redis } from 'ioredis';
import pg from 'pg';
import type { Random } from '../binding/agreement/random.js';
import type { Nodes } from './nodes.js';

/** Something that goes wrong, and is over when it has resolved. */
export interface Fault {
  readonly name: string;
  strike(world: { readonly nodes: Nodes; readonly random: Random }): Promise<unknown>;
}

/** Longer than what a node may be behind. */
const WHILE_MS = 250;

export const NODE_FROZEN: Fault = {
  name: 'a node is frozen',
  strike: ({ nodes, random }) => nodes.freezeOne(random, WHILE_MS),
};

export const NODE_KILLED: Fault = {
  name: 'a node is killed',
  strike: ({ nodes, random }) => nodes.replaceOne(random),
};

/** What it would read when it goes on is not there any more. */
export function logLostMeanwhile(redisUrl: string): Fault {
  return {
    name: 'the log is lost while a node is frozen',
    strike: ({ nodes, random }) =>
      nodes.freezeOne(random, WHILE_MS, () => askRedis(redisUrl, (redis) => redis.flushall())),
  };
}

export function redisFlushed(redisUrl: string): Fault {
  return { name: 'Redis is flushed', strike: () => askRedis(redisUrl, (redis) => redis.flushall()) };
}

export function redisPaused(redisUrl: string): Fault {
  return {
    name: 'Redis does not answer',
    strike: () => askRedis(redisUrl, (redis) => redis.call('CLIENT', 'PAUSE', String(WHILE_MS), 'ALL')),
  };
}

export function connectionsCut(databaseUrl: string): Fault {
  return {
    name: 'all connections to PostgreSQL are cut',
    strike: () =>
      askPostgres(databaseUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        ),
      ),
  };
}

/** Nobody can drain while it lasts. */
export function logLocked(databaseUrl: string): Fault {
  return {
    name: 'somebody holds the lock of the log',
    strike: () =>
      askPostgres(databaseUrl, async (client) => {
        await client.query('BEGIN');
        await client.query('SELECT FROM sluice.log FOR UPDATE');
        await client.query('SELECT pg_sleep($1)', [WHILE_MS / 1_000]);
        await client.query('ROLLBACK');
      }),
  };
}

export async function askRedis(url: string, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    await use(redis);
  } finally {
    redis.disconnect();
  }
}

export async function askPostgres(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
