import type { CacheEntry } from '../../src/cache/entries/cache-entry.js';

/** An entry of a minute, of which `given` is what the test is about. */
export function createTestEntry(given: Partial<CacheEntry> = {}): CacheEntry {
  return {
    body: Buffer.from('{"data":{}}'),
    etag: 'W/"etag"',
    stamp: { epoch: 'epoch', id: 7 },
    tagHashes: Uint32Array.of(1, 2, 3),
    modelHashes: Uint32Array.of(4),
    storedAtMs: Date.now(),
    freshMs: 60_000,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
    ...given,
  };
}
