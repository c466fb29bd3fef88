import type { Pool } from 'pg';
import type { BoundApi } from '../binding/bind-schema.js';
import { findCaptureDemand } from '../binding/capture-demand.js';
import { findPendingEngineSchema } from '../changes/capture/engine-schema.js';
import { createGateway } from '../gateway/create-gateway.js';
import type { Gateway } from '../gateway/gateway-parts.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { createPool, type PoolSettings, readDatabaseName, readSchemaName } from '../reads/pg/create-pool.js';
import { PgRowReader, type PgRowReaderOptions } from '../reads/pg/pg-row-reader.js';
import { createPrismaClient } from '../reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../reads/prisma/prisma-row-reader.js';
import type { Logger } from '../telemetry/logger.js';
import { createMetrics } from '../telemetry/metrics.js';
import { checkRedisPolicy } from './check-redis-policy.js';
import { ClosingStack } from './closing-stack.js';
import { connectRedis } from './connect-redis.js';
import { bindProject, type LoadedProject, type PrismaClientClass } from './load-project.js';
import { openCaching } from './open-caching.js';
import { openChanges } from './open-changes.js';
import { openCounters } from './open-counters.js';

export interface ServerParts {
  /** With the URLs of the services that are to be used: what is null here is not there. */
  readonly config: Config;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly project: LoadedProject;
  /** The project bound already; bound here where it is absent. */
  readonly api?: BoundApi;
  readonly prismaClientClass: PrismaClientClass;
  readonly log: Logger;
  readonly graphiqlDirectory?: string;
}

/** A gateway and all that it stands on. */
export interface Server {
  readonly gateway: Gateway;
  readonly redis: RedisClient | null;
  /** Finishes what is in flight, then closes in order: gateway, change log, Prisma Client, pool, Redis. */
  close(): Promise<void>;
}

type ReaderParts = Pick<PgRowReaderOptions, 'graph' | 'defaultSchema' | 'onStatement'>;

/**
 * Wires a project to its services. Nothing listens yet.
 *
 * @throws SchemaFaults
 */
export async function composeServer(parts: ServerParts): Promise<Server> {
  const { config, project, log } = parts;
  const api = parts.api ?? bindProject(project, config.reads);
  const { schema, compiler, bindings, costs } = api;
  const metrics = createMetrics();
  const closing = new ClosingStack();
  try {
    const redis = parts.redisUrl === null ? null : openRedis(parts.redisUrl, log);
    if (redis !== null) {
      closing.add(() => redis.disconnect());
      redis.once('ready', () => void checkRedisPolicy(redis, log));
    }
    const settings: PoolSettings = {
      ...config.database,
      url: parts.databaseUrl,
      onIdleError: (error) => log.warn({ err: error }, 'An idle connection to PostgreSQL was lost'),
    };
    const pool = createPool(settings);
    closing.add(() => pool.end());
    const prisma = createPrismaClient(parts.prismaClientClass, settings);
    closing.add(() => prisma.$disconnect());
    const { driver } = config.reads;
    const readerParts: ReaderParts = {
      graph: project.graph,
      defaultSchema: readSchemaName(parts.databaseUrl),
      onStatement: () => metrics.statements.inc({ driver }),
    };
    const plans = driver === 'pg' ? openPgReader(config, { ...readerParts, pool, settings }) : null;
    if (plans !== null) closing.add(() => plans.end());
    const reader = plans ?? new PrismaRowReader({ ...readerParts, client: prisma });
    const hasEngineSchema = (await findPendingEngineSchema(pool)).length === 0;
    const { changes, specs, checks } = await openChanges({
      config: config.changes,
      databaseUrl: parts.databaseUrl,
      pool,
      hasEngineSchema,
      redis,
      graph: project.graph,
      demand: findCaptureDemand(bindings),
      metrics: metrics.changes,
      log,
      closing,
    });
    const caching = openCaching({
      ...{ project, api, specs, redis, log, closing },
      config: config.cache,
      place: readDatabaseName(parts.databaseUrl),
      metrics: metrics.cache,
    });
    const counters = openCounters({
      ...{ project, pool, hasEngineSchema, redis, log, closing },
      config: config.counters,
      defaultSchema: readSchemaName(parts.databaseUrl),
      place: readDatabaseName(parts.databaseUrl),
      metrics: metrics.counters,
    });
    const gateway = await createGateway({
      config,
      schema,
      graph: project.graph,
      reader,
      plans: config.reads.plan ? plans : null,
      compiler: config.execution.compiled ? compiler : null,
      bindings,
      prisma,
      changes,
      caching,
      counters,
      checks,
      pool,
      // What the database lacks is told by `openChanges`.
      storage: hasEngineSchema ? pool : null,
      redis,
      costs,
      place: readDatabaseName(parts.databaseUrl),
      app: project.app,
      log,
      metrics,
      graphiqlDirectory: parts.graphiqlDirectory,
    });
    closing.add(() => gateway.close());
    return { gateway, redis, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

function openPgReader(
  { database, reads }: Config,
  { settings, ...parts }: ReaderParts & { readonly pool: Pool; readonly settings: PoolSettings },
): PgRowReader {
  const { prepared, pipelines, maxWaiting } = database;
  return new PgRowReader({
    ...parts,
    prepared,
    maxWaiting,
    customPlans: reads.customPlans,
    pipelines: prepared && pipelines > 0 ? { ...settings, ...database, url: settings.url } : null,
  });
}

function openRedis(url: string, log: Logger): RedisClient {
  return connectRedis(url, {
    onLost: (error) => log.warn({ err: error }, 'Redis is lost; serving on without it'),
    onBack: () => log.info('Redis is back'),
  });
}
