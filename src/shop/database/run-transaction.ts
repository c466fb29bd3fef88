import type { Prisma, PrismaClient } from '../../generated/prisma/client.js';
import { type ConstraintFaults, translateDatabaseError } from './constraint-faults.js';
import { readPrismaError } from './prisma-error.js';

/** Prisma Client within a transaction. */
export type Transaction = Prisma.TransactionClient;

/** How long to wait for a free connection, and how long the work itself may take, waiting for locks included. */
const MAX_WAIT_MS = 10_000;
const TIMEOUT_MS = 15_000;
/** PostgreSQL may choose a transaction to fail for the sake of others. It is as if it had never run: run it again. */
const WRITE_CONFLICT = 'P2034';
const MAX_ATTEMPTS = 3;

/**
 * Runs `work` in one transaction: all of it is done, or nothing. `work` may run more than once, so it must do nothing
 * but ask the database.
 *
 * Locks are always taken in this order, so that no two transactions wait for each other: cart, products by ascending
 * key, then what hangs on them (reviews, cart items, orders).
 */
export async function runTransaction<Result>(
  prisma: PrismaClient,
  work: (transaction: Transaction) => Promise<Result>,
  faults?: ConstraintFaults,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction(work, { maxWait: MAX_WAIT_MS, timeout: TIMEOUT_MS });
    } catch (error) {
      if (attempt < MAX_ATTEMPTS && readPrismaError(error)?.code === WRITE_CONFLICT) continue;
      throw translateDatabaseError(error, faults);
    }
  }
}
