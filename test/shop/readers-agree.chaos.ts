import { join } from 'node:path';
import { PrismaClient } from '../../src/generated/prisma/client.js';
import { loadModelGraph } from '../../src/model/load-model-graph.js';
import { createPrismaClient } from '../../src/reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../../src/reads/prisma/prisma-row-reader.js';
import { describeAgreement } from '../reads/contract/readers-agree.js';
import { POOL_SETTINGS } from '../reads/pg-zoo.js';
import { createShopDatabase } from './shop-database.js';

const GRAPH = join(import.meta.dirname, '../../src/generated/model-graph.json');

describeAgreement({
  runs: 2_000,
  timeoutMs: 3_600_000,
  open: async () => ({ database: await createShopDatabase(), graph: await loadModelGraph(GRAPH) }),
  makePrismaReader: async (url, graph) => {
    const client = createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url });
    return { reader: new PrismaRowReader({ client, graph }), close: () => client.$disconnect() };
  },
});
