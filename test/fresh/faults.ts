import { Redis } from 'ioredis';
import pg from 'pg';
import type { Random } from '../binding/agreement/random.js';
import type { FreshWorld } from './fresh-world.js';
import type { History } from './history.js';
import type { Nodes } from './nodes.js';

/** Something that goes wrong, and is over when it has resolved. */
export interface Fault {
  readonly name: string;
  strike(victim: Victim): Promise<unknown>;
}

/** What a check lets be done to it. */
export interface Victim {
  readonly nodes: Nodes;
  readonly random: Random;
  readonly history: History;
  /** What was being written is over before. */
  whileNobodyWrites(work: () => Promise<void>): Promise<void>;
}

/** Longer than what a node may be behind. */
const WHILE_MS = 250;

const NODE_FROZEN: Fault = {
  name: 'a node is frozen',
  strike: ({ nodes, random }) => nodes.freezeOne(random, WHILE_MS),
};

const NODE_KILLED: Fault = {
  name: 'a node is killed',
  strike: ({ nodes, random }) => nodes.replaceOne(random),
};

/** What it would read when it goes on is not there any more. */
function logLostMeanwhile(fresh: FreshWorld): Fault {
  return {
    name: 'the log is lost while a node is frozen',
    strike: ({ nodes, random }) =>
      nodes.freezeOne(random, WHILE_MS, () => askRedis(fresh.redisUrl, (redis) => redis.flushall())),
  };
}

function redisFlushed(fresh: FreshWorld): Fault {
  return { name: 'Redis is flushed', strike: () => askRedis(fresh.redisUrl, (redis) => redis.flushall()) };
}

function redisPaused(fresh: FreshWorld): Fault {
  return {
    name: 'Redis does not answer',
    strike: () => askRedis(fresh.redisUrl, (redis) => redis.call('CLIENT', 'PAUSE', String(WHILE_MS), 'ALL')),
  };
}

function connectionsCut({ databaseUrl }: FreshWorld): Fault {
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
function logLocked({ databaseUrl }: FreshWorld): Fault {
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

/** All that a database of a test run's and a Redis of one's own can be harmed by. */
export function listFaults(fresh: FreshWorld): readonly Fault[] {
  return [
    NODE_FROZEN,
    logLostMeanwhile(fresh),
    NODE_KILLED,
    redisFlushed(fresh),
    redisPaused(fresh),
    { name: 'Redis is killed', strike: () => fresh.replaceRedis() },
    connectionsCut(fresh),
    logLocked(fresh),
  ];
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
