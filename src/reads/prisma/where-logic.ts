import type { PrismaWhere } from './prisma-client-port.js';

/**
 * The conditions for all rows and for none. They stand alone or not at all: inside another condition Prisma
 * leaves them out, so that `{ AND: [x, { OR: [] }] }` is x and `{ OR: [x, {}] }` too.
 */
export const EVERY: PrismaWhere = Object.freeze({});
export const NONE: PrismaWhere = Object.freeze({ OR: [] });

export function everyOf(parts: readonly PrismaWhere[]): PrismaWhere {
  if (parts.includes(NONE)) return NONE;
  const counting = parts.filter((part) => part !== EVERY);
  return counting.length === 0 ? EVERY : { AND: counting };
}

export function someOf(parts: readonly PrismaWhere[]): PrismaWhere {
  if (parts.includes(EVERY)) return EVERY;
  const counting = parts.filter((part) => part !== NONE);
  return counting.length === 0 ? NONE : { OR: counting };
}
