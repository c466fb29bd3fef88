import DataLoader from 'dataloader';
import { encodeStable } from '../kernel/stable-encoding.js';
import type { Key } from './row.js';

/** Asks for keys one by one; keys that are asked for in one tick are loaded by one call. */
export type BatchLoader<Value> = DataLoader<Key, Value, unknown>;

/**
 * A loader over `loadBatch`, which gets distinct keys and answers in their order. There is no maximum batch
 * size: one batch is one statement, however many keys it has.
 */
export function createBatchLoader<Value>(
  loadBatch: (keys: readonly Key[]) => Promise<readonly (Value | Error)[]>,
): BatchLoader<Value> {
  return new DataLoader<Key, Value, unknown>(loadBatch, { cacheKeyFn: toCacheKey });
}

/** All keys of one loader have one length, so a lone plain value can stand for itself. */
function toCacheKey(key: Key): unknown {
  const [only] = key;
  return key.length === 1 && typeof only !== 'object' ? only : encodeStable(key);
}
