import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBreakablePostgres } from '../changes/bad-days/breakable-postgres.js';
import { compileDrainer } from '../changes/bad-days/drainer.js';
import { type RedisProxy, startRedisProxy } from '../changes/bad-days/redis-proxy.js';
import { until } from '../embedded/until.js';
import { startRedisChild } from '../gateway/redis-child.js';
import { runSql } from '../services/database.js';
import { askPostgres, askRedis, type Fault, listFaults } from './faults.js';
import { type FreshWorld, prepareDatabase } from './fresh-world.js';
import { createWorld } from './world/world.js';

/** With a PostgreSQL that can crash, and a Redis that has a replica. */
export interface ViolentWorld extends FreshWorld {
  readonly faults: readonly Fault[];
}

const DOMAIN = ['schema.sql', 'rows.sql'].map((name) => join(import.meta.dirname, '../domain', name));
/** Longer than a node may be behind. */
const WHILE_MS = 250;
/** After it PostgreSQL ends the transaction of one who is silent. */
const DRAIN_ENDS_MS = 1_500;
/** Commits are written down when the server gets round to it, so that a crash loses the last of them. */
const LAZY_SQL = ['ALTER SYSTEM SET synchronous_commit = off', 'SELECT pg_reload_conf()'];

export async function openViolentWorld(nodes: number): Promise<ViolentWorld> {
  const drainers = compileDrainer();
  const [postgres, ...children] = await Promise.all([
    createBreakablePostgres(),
    startRedisChild(),
    startRedisChild(),
  ]);
  let [main, replica] = children as [RedisChild, RedisChild];
  await postgres.start();
  await runSql(postgres.url, LAZY_SQL);
  await runSql(postgres.url, await Promise.all(DOMAIN.map((file) => readFile(file, 'utf8'))));
  const world = createWorld();
  await prepareDatabase(postgres.url, world);
  const proxies = await Promise.all(Array.from({ length: nodes }, () => startRedisProxy(main.port)));
  await replicate(replica, main);

  /** The replica has not all that the former one had told; some nodes go on with that one for a while. */
  async function failOver(cut: readonly RedisProxy[]): Promise<void> {
    await askRedis(replica.url, (redis) => redis.replicaof('NO', 'ONE'));
    await pause(WHILE_MS / 5);
    [main, replica] = [replica, main];
    for (const proxy of proxies) proxy.pointTo(main.port);
    for (const proxy of cut) proxy.cut();
    await pause(WHILE_MS);
    for (const proxy of proxies) proxy.cut();
    await replicate(replica, main);
  }

  const fresh: FreshWorld = {
    ...{ world, databaseUrl: postgres.url },
    get redisUrl() {
      return main.url;
    },
    redisUrlOf: (node) => proxies[node]?.url ?? '',
    replaceRedis: async () => {
      await main.kill();
      main = await startRedisChild(main.port);
    },
    close: async () => {
      await Promise.all([...proxies.map((proxy) => proxy.close()), main.kill(), replica.kill()]);
      await postgres.remove();
      drainers.remove();
    },
  };

  const faults: readonly Fault[] = [
    ...listFaults(fresh),
    { name: 'Redis fails over to a replica that is behind', strike: () => failOver(proxies) },
    {
      name: 'a node goes on with a Redis that was replaced',
      strike: ({ random }) => failOver(random.sample(proxies, proxies.length - 1)),
    },
    { name: 'a node is cut off from Redis', strike: async ({ random }) => random.pick(proxies).cut() },
    {
      name: 'a drain freezes before its commit',
      strike: async () => {
        const drainer = drainers.start({ databaseUrl: postgres.url, redisUrl: main.url });
        await drainer.appended.catch(() => undefined);
        drainer.freeze();
        await pause(DRAIN_ENDS_MS);
        await drainer.kill();
      },
    },
    {
      name: 'PostgreSQL is restarted',
      strike: async () => {
        await postgres.stop();
        await postgres.start();
      },
    },
    {
      name: 'PostgreSQL crashes, and has lost what was committed last',
      strike: ({ history, whileNobodyWrites }) =>
        whileNobodyWrites(async () => {
          history.doubt();
          await postgres.crash();
          const undoneAtMs = performance.now();
          await postgres.start();
          await askPostgres(postgres.url, async (client) => {
            const { rows } = await client.query('SELECT version FROM fresh.head');
            history.lose(rows[0].version, undoneAtMs);
          });
        }),
    },
  ];
  return Object.assign(fresh, { faults });
}

type RedisChild = Awaited<ReturnType<typeof startRedisChild>>;

async function replicate(replica: RedisChild, main: RedisChild): Promise<void> {
  await askRedis(main.url, (redis) => redis.config('SET', 'repl-diskless-sync-delay', '0'));
  await askRedis(replica.url, async (redis) => {
    // Else what it takes over is a file for a moment, which the next Redis here would find.
    await redis.config('SET', 'repl-diskless-load', 'swapdb');
    await redis.replicaof('127.0.0.1', main.port);
    await until('the replica', async () =>
      (await redis.info('replication')).includes('master_link_status:up'),
    );
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
