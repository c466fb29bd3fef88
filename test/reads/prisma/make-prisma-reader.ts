import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../../../src/reads/prisma/prisma-row-reader.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import type { MakeReader } from '../contract/subject.js';

export const makePrismaReader: MakeReader = async (url, graph, onStatement) => {
  const client = createPrismaClient(PrismaClient, {
    ...{ url, prepared: true, poolSize: 4 },
    ...{ statementTimeoutMs: 20_000, connectTimeoutMs: 20_000 },
  });
  return {
    reader: new PrismaRowReader({ client, graph, onStatement }),
    close: () => client.$disconnect(),
  };
};
