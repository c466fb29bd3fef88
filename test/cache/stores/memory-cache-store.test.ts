import fc from 'fast-check';
import { MemoryCacheStore } from '../../../src/cache/stores/memory-cache-store.js';
import { createTestEntry } from '../entry.js';

const KEYS = Array.from({ length: 12 }, (_, index) => `key-${index}`);
const GROUPS = ['a', 'b', 'c'];
/** What an entry takes beside its body: told by the store itself. */
const overhead = (() => {
  const store = new MemoryCacheStore({ maxBytes: 1_000_000, maxVariants: 10, onEvict: () => undefined });
  store.set('key-0', createTestEntry({ body: Buffer.alloc(0) }), 'a');
  return store.bytes;
})();

/** The same, naively: a list of entries, the one that was used longest ago first. */
class Model {
  readonly kept: { key: string; group: string; bytes: number; order: number }[] = [];
  #order = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly maxVariants: number,
  ) {}

  find(key: string): boolean {
    const index = this.kept.findIndex((entry) => entry.key === key);
    if (index === -1) return false;
    this.kept.push(...this.kept.splice(index, 1));
    return true;
  }

  set(key: string, group: string, bytes: number): void {
    const index = this.kept.findIndex((entry) => entry.key === key);
    const before = index === -1 ? undefined : this.kept.splice(index, 1)[0];
    if (bytes > this.maxBytes) return;
    // Once more in its group keeps the place that it had there.
    const order = before?.group === group ? before.order : this.#order++;
    while (this.bytes + bytes > this.maxBytes) this.kept.shift();
    this.kept.push({ key, group, bytes, order });
    const own = this.kept.filter((entry) => entry.group === group);
    if (own.length <= this.maxVariants) return;
    const oldest = own.reduce((one, other) => (one.order < other.order ? one : other));
    this.kept.splice(this.kept.indexOf(oldest), 1);
  }

  get bytes(): number {
    return this.kept.reduce((sum, entry) => sum + entry.bytes, 0);
  }
}

const action = fc.oneof(
  fc.record({ kind: fc.constant('find' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({
    kind: fc.constant('set' as const),
    key: fc.constantFrom(...KEYS),
    group: fc.constantFrom(...GROUPS),
    size: fc.integer({ min: 0, max: 4_000 }),
  }),
);

describe('Memory', () => {
  it('keeps what a naive list keeps: bounded in bytes, what was used longest ago leaves first, so many of a group', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const [maxBytes, maxVariants] = [overhead * 4 + 3_000, 3];
        const store = new MemoryCacheStore({ maxBytes, maxVariants, onEvict: () => undefined });
        const model = new Model(maxBytes, maxVariants);
        for (const each of actions) {
          if (each.kind === 'find') {
            expect(store.find(each.key) !== undefined).toBe(model.find(each.key));
            continue;
          }
          const { key, group, size } = each;
          const bytes = overhead + size + key.length - 'key-0'.length;
          store.set(key, createTestEntry({ body: Buffer.alloc(size) }), group);
          model.set(key, group, bytes);
          expect([store.size, store.bytes]).toEqual([model.kept.length, model.bytes]);
          expect(store.bytes).toBeLessThanOrEqual(maxBytes);
        }
        for (const key of KEYS) expect([key, store.find(key) !== undefined]).toEqual([key, model.find(key)]);
      }),
      { numRuns: 300 },
    );
  });

  it('is not flushed by one operation with any number of literals', () => {
    const evicted: string[] = [];
    const store = new MemoryCacheStore({
      maxBytes: 10_000_000,
      maxVariants: 50,
      onEvict: (reason) => evicted.push(reason),
    });
    store.set('precious', createTestEntry(), 'other');
    for (let index = 0; index < 1_000; index++) store.set(`varied-${index}`, createTestEntry(), 'varied');
    expect([store.size, store.find('precious') !== undefined]).toEqual([51, true]);
    expect(evicted).toEqual(Array.from({ length: 950 }, () => 'variants'));
    store.clear();
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });
});
