import { Command } from 'ioredis';
import type { Charge } from '../charge.js';
import type { BatchedOperation } from './encode-batch.js';
import type { RedisLimitKeys } from './redis-limit-keys.js';

/** The part of an operation whose keys a cluster has in one slot. */
export interface SlotPart {
  readonly slot: number;
  readonly operation: BatchedOperation;
}

/** In the order in which the operation's subject and charges name them. */
export function splitBySlot(operation: BatchedOperation, keys: RedisLimitKeys): readonly SlotPart[] {
  const slots = new Map<number, Charge[]>();
  const find = (key: string): Charge[] => {
    const slot = new Command('get', [keys.account(key)]).getSlot();
    const charges = slots.get(slot) ?? [];
    slots.set(slot, charges);
    return charges;
  };
  // Its block is looked at first.
  if (operation.subject !== null) find(operation.subject);
  for (const charge of operation.charges) find(charge.key).push(charge);
  if (slots.size === 0) return [{ slot: 0, operation }];
  const first = slots.keys().next().value;
  return [...slots].map(([slot, charges]) => ({
    slot,
    operation: { ...operation, charges, subject: slot === first ? operation.subject : null },
  }));
}
