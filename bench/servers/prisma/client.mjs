import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../dist/generated/prisma/client.js';

/** As many connections as the other servers have. */
const CONNECTIONS = 10;

export function createPrisma(connectionString) {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString, max: CONNECTIONS }) });
}
