import { createEntry } from '../../../dist/cache/responses/create-entry.js';
import { MemoryCacheStore } from '../../../dist/cache/stores/memory-cache-store.js';

const ENTRIES = 20_000;
const BODY_BYTES = 5 * 1024;
const TAGS = 40;
const POLICY = { maxAgeSeconds: 3_600, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };

/** What an entry with an answer of 5 KB and 40 tags takes beside those bytes. Run with `--expose-gc`. */
export function measureMemory() {
  if (globalThis.gc === undefined) throw new Error('It has to be run with --expose-gc.');
  const store = new MemoryCacheStore({ maxBytes: 1024 ** 3, maxVariants: ENTRIES, onEvict: () => undefined });
  const before = readBytes();
  for (let index = 0; index < ENTRIES; index++) {
    const tags = Array.from({ length: TAGS }, (_, tag) => `Thing:${index * TAGS + tag}`);
    const stamp = { epoch: 'bench', id: index };
    const body = Buffer.alloc(BODY_BYTES, 'x');
    const answer = { body, stamp, tags, models: ['Thing'], parts: [], policy: POLICY };
    const key = `operation-${index % 50}:${'v'.repeat(30)}${index}:viewer`;
    store.set(key, createEntry(answer, { nowMs: Date.now(), jitter: 0, random: 0 }), `${index % 50}`);
  }
  const taken = readBytes() - before;
  // Asked for afterwards, so that nothing of it was collected before it was weighed.
  if (store.size !== ENTRIES) throw new Error(`${store.size} entries are there.`);
  return taken / ENTRIES - BODY_BYTES;
}

function readBytes() {
  for (let n = 0; n < 5; n++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

if (process.argv[1]?.endsWith('memory.mjs')) process.stdout.write(String(measureMemory()));
