import type { BoundApi } from '../binding/bind-schema.js';
import { createGateway } from '../gateway/create-gateway.js';
import type { Gateway } from '../gateway/gateway-parts.js';
import { QUEUE_NAMES, type QueueName } from '../jobs/queue-names.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { readDatabaseName, readSchemaName } from '../reads/pg/create-pool.js';
import { PgRowReader, type PgRowReaderOptions } from '../reads/pg/pg-row-reader.js';
import { PrismaRowReader } from '../reads/prisma/prisma-row-reader.js';
import type { RowReader } from '../reads/row-reader.js';
import type { Logger } from '../telemetry/logger.js';
import { ClosingStack } from './closing-stack.js';
import { bindProject } from './load-project.js';
import { openCaching } from './open-caching.js';
import { openCounters } from './open-counters.js';
import { type Foundation, type FoundationParts, openFoundation } from './open-foundation.js';
import type { OpenedJobs, Working, WorkOptions } from './open-jobs.js';
import { settleAll } from './settle-all.js';

export interface ServerParts extends Omit<FoundationParts, 'api' | 'closing'> {
  /** The project bound already; bound here where it is absent. */
  readonly api?: BoundApi;
  readonly graphiqlDirectory?: string;
  /** Whose jobs are worked off here. Default: as the configuration says. */
  readonly queues?: readonly QueueName[];
}

/** A gateway and all that it stands on. */
export interface Server {
  readonly gateway: Gateway;
  readonly redis: RedisClient | null;
  /** Resolves once jobs are worked off; null: this process works none off. */
  readonly working: Promise<Working | null>;
  /** Finishes what is in flight, then closes in order: gateway, jobs, change log, Prisma Client, pool, Redis. */
  close(): Promise<void>;
}

type ReaderParts = Pick<PgRowReaderOptions, 'graph' | 'defaultSchema' | 'onStatement'>;

/**
 * Wires a project to its services. Nothing listens yet.
 *
 * @throws SchemaFaults
 */
export async function composeServer(parts: ServerParts): Promise<Server> {
  const { config, project, log, databaseUrl } = parts;
  const api = parts.api ?? bindProject(project, config.reads);
  const closing = new ClosingStack();
  try {
    const foundation = await openFoundation({ ...parts, api, closing });
    const { redis, pool, prisma, hasEngineSchema, changes, specs, metrics, jobs } = foundation;
    const place = readDatabaseName(databaseUrl);
    const { reader, plans } = openReader(parts, foundation, closing);
    const caching = openCaching({
      ...{ project, api, specs, redis, place, log, closing },
      config: config.cache,
      metrics: metrics.cache,
    });
    const counters = openCounters({
      ...{ project, pool, hasEngineSchema, redis, place, log, closing },
      config: config.counters,
      defaultSchema: readSchemaName(databaseUrl),
      metrics: metrics.counters,
    });
    const gateway = await createGateway({
      ...{ config, reader, prisma, changes, caching, counters, pool, redis, place, log, metrics },
      schema: api.schema,
      graph: project.graph,
      plans: config.reads.plan ? plans : null,
      compiler: config.execution.compiled ? api.compiler : null,
      bindings: api.bindings,
      jobs: jobs?.gateway ?? null,
      checks: foundation.checks,
      // What the database lacks is told by `openChanges`.
      storage: hasEngineSchema ? pool : null,
      costs: api.costs,
      app: project.app,
      graphiqlDirectory: parts.graphiqlDirectory,
    });
    const queues = parts.queues ?? (config.jobs.worker === 'inside' ? QUEUE_NAMES : []);
    const working = startWork(
      jobs,
      { queues, concurrency: config.jobs.concurrency, warm: gateway.warm },
      log,
    );
    closing.add(async () => {
      // At one time: whoever has to end is not to wait for the one before the other.
      await settleAll([gateway.close(), working.then((started) => started?.stop())]);
    });
    return { gateway, redis, working, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** Requests are answered meanwhile. Never rejects: without a worker of its own a server is still one. */
async function startWork(
  jobs: OpenedJobs | null,
  options: WorkOptions,
  log: Logger,
): Promise<Working | null> {
  if (jobs === null || options.queues.length === 0) return null;
  try {
    return await jobs.work(options);
  } catch (error) {
    log.error({ err: error }, 'Jobs are not worked off here');
    return null;
  }
}

function openReader(
  { config, project, databaseUrl }: ServerParts,
  { metrics, settings, pool, prisma }: Foundation,
  closing: ClosingStack,
): { readonly reader: RowReader; readonly plans: PgRowReader | null } {
  const { driver, customPlans } = config.reads;
  const parts: ReaderParts = {
    graph: project.graph,
    defaultSchema: readSchemaName(databaseUrl),
    onStatement: () => metrics.statements.inc({ driver }),
  };
  if (driver !== 'pg') return { reader: new PrismaRowReader({ ...parts, client: prisma }), plans: null };
  const { prepared, pipelines, maxWaiting } = config.database;
  const plans = new PgRowReader({
    ...{ ...parts, pool, prepared, maxWaiting, customPlans },
    pipelines: prepared && pipelines > 0 ? { ...settings, ...config.database, url: settings.url } : null,
  });
  closing.add(() => plans.end());
  return { reader: plans, plans };
}
