import path from 'node:path';
import { bindApi } from '../../src/binding/bind-schema.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import { NO_COUNTERS } from '../../src/counters/counters.js';
import { PrismaClient } from '../../src/generated/prisma/client.js';
import { createAbsentSignIn } from '../../src/identity/sign-in.js';
import { loadModelGraph } from '../../src/model/load-model-graph.js';
import { createPrismaClient } from '../../src/reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../../src/reads/prisma/prisma-row-reader.js';
import { resolvers } from '../../src/shop/resolvers.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { type Drivers, openDrivers } from '../binding/agreement/drivers.js';
import { gatherValues } from '../binding/agreement/gather-values.js';
import type { OperationSource } from '../binding/agreement/random-operation.js';
import { POOL_SETTINGS } from '../reads/pg-zoo.js';
import { createShopDatabase } from './shop-database.js';
import { readSdl, STAFF } from './shop-world.js';

const GRAPH = path.join(import.meta.dirname, '../../src/generated/model-graph.json');

export interface ShopAgreement {
  readonly drivers: Drivers;
  readonly source: OperationSource;
  close(): Promise<void>;
}

/** The shop behind every driver, and what operations on it are drawn from. */
export async function openShopAgreement(): Promise<ShopAgreement> {
  const [database, graph, sdl] = await Promise.all([createShopDatabase(), loadModelGraph(GRAPH), readSdl()]);
  const limits = { defaultPageRows: 20, maxPageRows: 100 };
  const api = bindApi({ sdl, graph, resolvers: resolvers as Resolvers, limits });
  const prisma = createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url: database.url });
  const log = createLogger({ level: 'silent', format: 'json' });
  const drivers = await openDrivers({
    ...{ api, graph, url: database.url },
    // Who sees all orders.
    context: {
      viewer: STAFF,
      session: createAbsentSignIn('this is a test'),
      prisma,
      log,
      requestId: 'test',
      tag: () => undefined,
      cacheHint: () => undefined,
      vary: () => '',
      cdnUrl: 'https://cdn.example',
      counters: NO_COUNTERS,
    },
    makePrismaReader: async (url, models, onStatement) => {
      const client = createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url });
      const reader = new PrismaRowReader({ client, graph: models, onStatement });
      return { reader, close: () => client.$disconnect() };
    },
  });
  const pool = await gatherValues(drivers, graph, {
    models: {},
    known: { 'Query.searchProducts(text:)': ['desk', 'oak or steel', '"chair"', '-lamp', '', 'the'] },
  });
  const byHand = {
    'Query.searchProducts': 0.3,
    'Query.cart': 0.3,
    'Product.averageRating': 0.3,
    'ProductImage.url': 0.5,
  };
  // What workers compute is compared elsewhere.
  const offloaded = Object.fromEntries(api.offloaded.map(({ coordinate }) => [coordinate, 0]));
  const ofJobs = { 'Query.job': 0, 'Query.jobs': 0, 'Query.jobQueues': 0 };
  const weights = { ...byHand, ...offloaded, ...ofJobs, 'Query.node': 0.5, 'Query.nodes': 0.5 };
  return {
    drivers,
    // Its mutations say something else when they are asked again.
    source: { schema: api.schema, pool, weights, mutations: 0 },
    close: async () => {
      await drivers.close();
      await prisma.$disconnect();
      await database.drop();
    },
  };
}
