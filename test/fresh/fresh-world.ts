import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { bindApi } from '../../src/binding/bind-schema.js';
import { findCaptureDemand } from '../../src/binding/capture-demand.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { startRedisChild } from '../gateway/redis-child.js';
import { FRESH_APP } from './node/fresh-app.js';
import { createWorld, type World } from './world/world.js';
import { fillDatabase } from './world/world-database.js';

/** A database and a Redis of a check's own. */
export interface FreshWorld {
  readonly world: World;
  readonly databaseUrl: string;
  /** Of the Redis that serves at this time. */
  readonly redisUrl: string;
  /** How a node comes to it. */
  redisUrlOf(node: number): string;
  /** It is gone, with all that it knew, and another one comes in its place. */
  replaceRedis(): Promise<void>;
  close(): Promise<void>;
}

export async function openFreshWorld(): Promise<FreshWorld> {
  const [database, firstRedis] = await Promise.all([createDomainDatabase(), startRedisChild()]);
  let redis = firstRedis;
  const world = createWorld();
  await prepareDatabase(database.url, world);
  return {
    ...{ world, databaseUrl: database.url, redisUrl: redis.url, redisUrlOf: () => redis.url },
    replaceRedis: async () => {
      await redis.kill();
      redis = await startRedisChild(redis.port);
    },
    close: async () => {
      await Promise.all([database.drop(), redis.kill()]);
    },
  };
}

/** Fills a zoo's database, and has captured what the checker's API reads. */
export async function prepareDatabase(url: string, world: World): Promise<void> {
  const graph = await domainGraph();
  const path = 'fresh.graphql';
  const { bindings } = bindApi({
    sdl: [{ path, text: await readFile(join(import.meta.dirname, 'node', path), 'utf8') }],
    graph,
    resolvers: { ...FRESH_APP.resolvers } as Parameters<typeof bindApi>[0]['resolvers'],
    limits: { defaultPageRows: 20, maxPageRows: 200 },
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await fillDatabase(client, world, { graph, demand: findCaptureDemand(bindings) });
  } finally {
    await client.end();
  }
}
