import { makeExecutableSchema } from '@graphql-tools/schema';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { NO_DEMAND } from '../../../src/changes/capture/capture-demand.js';
import type { Changes } from '../../../src/changes/changes.js';
import { DrainConnection } from '../../../src/changes/drain/drain-connection.js';
import type { ChangeRecord } from '../../../src/changes/log/change-log.js';
import { RedisChangeLog } from '../../../src/changes/log/redis-change-log.js';
import { ClosingStack } from '../../../src/cli/closing-stack.js';
import { openChanges } from '../../../src/cli/open-changes.js';
import type { GatewayContext } from '../../../src/gateway/gateway-context.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { openCapturedZoo } from '../../changes/capture/captured-zoo.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import { type CapturedLog, captureLog, type SmallGateway, startSmallGateway } from '../small-gateway.js';

const prismaOf = (context: GatewayContext) => context.prisma as PrismaClient;
const rename = (id: number, name: string) => ({ where: { id }, data: { name } });

const schema = makeExecutableSchema<GatewayContext>({
  typeDefs: /* GraphQL */ `
    type Query { name(id: Int!): String, mayUseCaches: Boolean! }
    type Mutation {
      rename(id: Int!, name: String!): String
      renameAndFail(id: Int!, name: String!): String
      renameInVain(id: Int!, name: String!): String
      renameBySql(id: Int!, name: String!): Int
    }
  `,
  resolvers: {
    Query: {
      name: async (_, { id }, context) =>
        (await prismaOf(context).animal.findUnique({ where: { id } }))?.name ?? null,
      mayUseCaches: (_, __, context) => context.changes.mayUseCaches,
    },
    Mutation: {
      rename: async (_, { id, name }, context) =>
        (await prismaOf(context).animal.update(rename(id, name))).name,
      renameAndFail: async (_, { id, name }, context) => {
        await prismaOf(context).animal.update(rename(id, name));
        throw new Error('after the fact');
      },
      renameInVain: (_, { id, name }, context) =>
        prismaOf(context).$transaction(async (transaction) => {
          await transaction.animal.update(rename(id, name));
          throw new Error('before the end');
        }),
      renameBySql: (_, { id, name }, context) =>
        prismaOf(context).$executeRaw`UPDATE zoo.animals SET name = ${name} WHERE id = ${id}`,
    },
  },
});

/** A gateway that follows the zoo's changes. */
export interface ZooNode extends SmallGateway {
  readonly changes: Changes;
  /** What was logged of changes. */
  readonly changesLog: CapturedLog;
}

/** A zoo whose changes are captured, for gateways to follow. */
export interface FollowedZoo {
  readonly url: string;
  /** As another program would: nothing of Sluice is between. */
  readonly client: pg.Client;
  /**
   * `redisUrl` null: the log is in the node's own memory. `role`: who it is to PostgreSQL. Closed with the zoo, if not
   * before.
   */
  openNode(redisUrl: string | null, env?: Record<string, string>, role?: string): Promise<ZooNode>;
  /** What the log in Redis holds. */
  readLog(redisUrl: string): Promise<readonly ChangeRecord[]>;
  close(): Promise<void>;
}

export async function openFollowedZoo(): Promise<FollowedZoo> {
  const zoo = await openCapturedZoo();
  const closing = new ClosingStack();
  closing.add(() => zoo.close());
  return {
    url: zoo.url,
    client: zoo.client,
    async openNode(redisUrl, env = {}, role = 'postgres') {
      const own = new ClosingStack();
      closing.add(() => own.close());
      const config = readConfig(env);
      const databaseUrl = zoo.url.replace('//postgres@', `//${role}@`);
      const settings = { ...config.database, url: databaseUrl };
      const pool = createPool(settings);
      own.add(() => pool.end());
      const prisma = createPrismaClient(PrismaClient, settings);
      own.add(() => prisma.$disconnect());
      const redis = redisUrl === null ? null : openRedis(redisUrl, own);
      const metrics = createMetrics();
      const log = captureLog();
      const { changes, checks } = await openChanges({
        config: config.changes,
        databaseUrl,
        pool,
        hasEngineSchema: true,
        redis,
        graph: await domainGraph(),
        demand: NO_DEMAND,
        metrics: metrics.changes,
        log: createLogger({ level: 'debug', format: 'json', destination: log.destination }),
        closing: own,
      });
      if (changes === null) throw new Error('The zoo is not captured.');
      const gateway = await startSmallGateway(env, {
        schema,
        prisma,
        pool,
        storage: pool,
        redis,
        changes,
        checks,
        metrics,
      });
      own.add(() => gateway.close());
      return { ...gateway, changes: changes.node, changesLog: log, close: () => own.close() };
    },
    async readLog(redisUrl) {
      const own = new ClosingStack();
      const redis = openRedis(redisUrl, own);
      const connection = new DrainConnection({ url: zoo.url });
      own.add(() => connection.close());
      await redis.ping();
      const place = await connection.use(async (session) => session.place);
      const log = new RedisChangeLog({ redis, place, deadlineMs: 5_000 });
      const { records } = await log.read({ epoch: '', id: 0 });
      await log.close();
      await own.close();
      return records;
    },
    close: () => closing.close(),
  };
}

function openRedis(url: string, closing: ClosingStack): Redis {
  const redis = new Redis(url, {
    retryStrategy: () => 50,
    disconnectTimeout: 50,
    maxRetriesPerRequest: 1,
    commandTimeout: 1_000,
  });
  redis.on('error', () => {
    // Expected where it is killed; without a listener ioredis prints each one.
  });
  closing.add(() => redis.disconnect());
  return redis;
}
