import { LRUCache } from 'lru-cache';
import { flattenText } from '../../kernel/flat-text.js';
import type { CacheEntry } from '../entries/cache-entry.js';

export interface MemoryCacheStoreOptions {
  readonly maxBytes: number;
  /** Entries of one group, at most: the oldest goes first. */
  readonly maxVariants: number;
  readonly onEvict: (reason: 'bytes' | 'variants') => void;
}

/** What an entry takes beside its bytes, its tags and its key; measured with 100,000 of them. */
const ENTRY_BYTES = 700;

interface Kept {
  readonly entry: CacheEntry;
  readonly group: string;
}

/** Entries in this process, bounded in bytes: what was used longest ago goes first. */
export class MemoryCacheStore {
  readonly #entries: LRUCache<string, Kept>;
  /** Keys by group, in the order in which they came. */
  readonly #groups = new Map<string, Set<string>>();
  readonly #maxVariants: number;
  readonly #onEvict: MemoryCacheStoreOptions['onEvict'];

  constructor({ maxBytes, maxVariants, onEvict }: MemoryCacheStoreOptions) {
    this.#maxVariants = maxVariants;
    this.#onEvict = onEvict;
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ entry }, key) => weigh(key, entry),
      dispose: ({ group }, key, reason) => {
        if (reason === 'set') return;
        this.#forgetKey(group, key);
        if (reason === 'evict') onEvict('bytes');
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get maxBytes(): number {
    return this.#entries.maxSize;
  }

  get bytes(): number {
    return this.#entries.calculatedSize;
  }

  find(key: string): CacheEntry | undefined {
    return this.#entries.get(key)?.entry;
  }

  /** False: it alone is larger than all may be. */
  set(text: string, entry: CacheEntry, group: string): boolean {
    // Keys are put together of hashes and of JSON, which escapes what isn't well-formed.
    const key = flattenText(text);
    const before = this.#entries.peek(key);
    if (before !== undefined && before.group !== group) this.#forgetKey(before.group, key);
    this.#entries.set(key, { entry, group });
    if (!this.#entries.has(key)) return false;
    const keys = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, keys.add(key));
    if (keys.size <= this.#maxVariants) return true;
    const [oldest] = keys;
    if (oldest !== undefined && this.#entries.delete(oldest)) this.#onEvict('variants');
    return true;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  #forgetKey(group: string, key: string): void {
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }
}

function weigh(key: string, { body, tagHashes, modelHashes }: CacheEntry): number {
  return ENTRY_BYTES + key.length + body.length + tagHashes.byteLength + modelHashes.byteLength;
}
