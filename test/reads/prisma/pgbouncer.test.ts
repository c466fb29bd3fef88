import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../../../src/reads/prisma/prisma-row-reader.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import { describeRowReader } from '../contract/row-reader-contract.js';
import { POOL_SETTINGS } from '../pg-zoo.js';
import { type PgBouncer, startPgBouncer } from '../pgbouncer.js';

let bouncer: PgBouncer;

beforeAll(async () => {
  bouncer = await startPgBouncer();
});
afterAll(() => bouncer.stop());

describeRowReader('PrismaRowReader behind PgBouncer in transaction mode', async (url, graph, onStatement) => {
  const settings = { ...POOL_SETTINGS, url: bouncer.toUrl(url), prepared: false };
  const client = createPrismaClient(PrismaClient, settings);
  return {
    reader: new PrismaRowReader({ client, graph, onStatement }),
    close: () => client.$disconnect(),
  };
});
