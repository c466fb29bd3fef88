import type { Transaction } from '../database/run-transaction.js';

/** What a transaction needs to know of a product that it has locked. */
export interface LockedProduct {
  readonly id: number;
  readonly name: string;
  /** Exact, as PostgreSQL prints it. */
  readonly price: string;
  readonly stock: number;
  readonly isPublished: boolean;
}

/**
 * Locks products until the transaction ends and returns them as they are now, by ascending key; those that don't exist
 * are left out. Other transactions can still refer to them, and read them.
 */
export function lockProducts(transaction: Transaction, ids: readonly number[]): Promise<LockedProduct[]> {
  // In ascending order, whatever the order asked: two transactions that lock the same products never wait for each
  // other in a circle. PostgreSQL locks rows after sorting them.
  return transaction.$queryRaw<LockedProduct[]>`
    SELECT id, name, price::text AS price, stock, is_published AS "isPublished"
    FROM products WHERE id = ANY(${[...ids]}::int[]) ORDER BY id FOR NO KEY UPDATE`;
}
