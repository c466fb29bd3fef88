import type { PrismaClient } from '../generated/prisma/client.js';
import type { RequestContext } from '../index.js';

/** What the shop's resolvers get as their third argument. */
export type ShopContext = RequestContext<PrismaClient>;
