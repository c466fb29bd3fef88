import type { WriteCause } from './request-writes.js';

/** What the methods of a model do; a name that is in neither list is none of Prisma Client's. */
export const MODEL_WRITES: ReadonlySet<string> = new Set([
  'create',
  'createMany',
  'createManyAndReturn',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
]);

export const MODEL_READS: ReadonlySet<string> = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
]);

/** What runs SQL of one's own. A query may call a function that writes, or be an `INSERT … RETURNING`. */
export const RAW_OPERATIONS: ReadonlyMap<string, WriteCause> = new Map([
  ['$executeRaw', 'wrote'],
  ['$executeRawUnsafe', 'wrote'],
  ['$queryRaw', 'may-have-written'],
  ['$queryRawUnsafe', 'may-have-written'],
  ['$queryRawTyped', 'may-have-written'],
]);
