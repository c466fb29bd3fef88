import type pg from 'pg';
import type { BoundApi } from '../binding/bind-schema.js';
import { findPendingEngineSchema } from '../changes/capture/engine-schema.js';
import { findStaleRollups } from '../jobs/rollups/install-rollups.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { createPool, type PoolSettings, readSchemaName } from '../reads/pg/create-pool.js';
import { createPrismaClient } from '../reads/prisma/create-prisma-client.js';
import type { PrismaClientPort } from '../reads/prisma/prisma-client-port.js';
import type { Logger } from '../telemetry/logger.js';
import { createMetrics, type Metrics } from '../telemetry/metrics.js';
import { checkRedisPolicy } from './check-redis-policy.js';
import type { ClosingStack } from './closing-stack.js';
import { connectRedis } from './connect-redis.js';
import { findDemand } from './find-demand.js';
import type { LoadedProject, PrismaClientClass } from './load-project.js';
import { type OpenedChanges, openChanges } from './open-changes.js';
import { type OpenedJobs, openJobs } from './open-jobs.js';

export interface FoundationParts {
  /** With the URLs of the services that are to be used: what is null here is not there. */
  readonly config: Config;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly project: LoadedProject;
  readonly api: BoundApi;
  readonly prismaClientClass: PrismaClientClass;
  readonly log: Logger;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

/** What servers and workers of one database both stand on. */
export interface Foundation extends OpenedChanges {
  readonly metrics: Metrics;
  /** Null: there is none. */
  readonly redis: RedisClient | null;
  readonly settings: PoolSettings;
  readonly pool: pg.Pool;
  readonly prisma: PrismaClientPort;
  /** Whether the database has all tables of Sluice. */
  readonly hasEngineSchema: boolean;
  /** Null: nothing runs in the background. */
  readonly jobs: OpenedJobs | null;
}

/** Connects to the services, and follows the database's changes. */
export async function openFoundation(parts: FoundationParts): Promise<Foundation> {
  const { config, databaseUrl, project, api, log, closing } = parts;
  const metrics = createMetrics();
  const redis = parts.redisUrl === null ? null : openRedis(parts.redisUrl, log);
  if (redis !== null) {
    closing.add(() => redis.disconnect());
    redis.once('ready', () => void checkRedisPolicy(redis, log));
  }
  const settings: PoolSettings = {
    ...config.database,
    url: databaseUrl,
    onIdleError: (error) => log.warn({ err: error }, 'An idle connection to PostgreSQL was lost'),
  };
  const pool = createPool(settings);
  closing.add(() => pool.end());
  const prisma = createPrismaClient(parts.prismaClientClass, settings);
  closing.add(() => prisma.$disconnect());
  const hasEngineSchema = (await findPendingEngineSchema(pool)).length === 0;
  const followed = await openChanges({
    config: config.changes,
    databaseUrl,
    pool,
    hasEngineSchema,
    redis,
    graph: project.graph,
    demand: findDemand(project, api),
    metrics: metrics.changes,
    log,
    closing,
  });
  if (hasEngineSchema) await tellStaleRollups(parts, pool);
  const { changes, specs } = followed;
  const jobs = openJobs({
    ...{ config, project, api, databaseUrl, settings, pool, prisma, hasEngineSchema, metrics, log, closing },
    redisUrl: parts.redisUrl,
    following: changes === null || specs === null ? null : { changes: changes.node, specs },
  });
  return { ...followed, metrics, redis, settings, pool, prisma, hasEngineSchema, jobs };
}

/** One line in the log says what to do. */
async function tellStaleRollups(
  { project, databaseUrl, log }: FoundationParts,
  pool: pg.Pool,
): Promise<void> {
  const { app, graph } = project;
  const defaultSchema = readSchemaName(databaseUrl);
  const stale = await findStaleRollups(pool, app.rollups ?? [], { graph, defaultSchema });
  if (stale.length > 0)
    log.warn(`Nobody keeps ${stale.join(', ')} up: run \`npm run sluice -- capture install\``);
}

function openRedis(url: string, log: Logger): RedisClient {
  return connectRedis(url, {
    onLost: (error) => log.warn({ err: error }, 'Redis is lost; serving on without it'),
    onBack: () => log.info('Redis is back'),
  });
}
