import fc from 'fast-check';
import { EntryCodec } from '../../../src/cache/codec/entry-codec.js';
import type { CacheEntry } from '../../../src/cache/entries/cache-entry.js';

const hashes = fc
  .uniqueArray(fc.nat(0xffff_ffff), { maxLength: 40 })
  .map((values) => Uint32Array.from(values).sort());
const lifeMs = fc.nat(10_000_000_000);
const entry: fc.Arbitrary<CacheEntry> = fc.record({
  body: fc.oneof(
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.nat(30_000).map((length) => Buffer.from('abcdefgh '.repeat(length / 9))),
  ),
  etag: fc
    .string({ minLength: 1, maxLength: 30 })
    .map((text) => `W/"${Buffer.from(text).toString('base64url')}"`),
  stamp: fc.record({ epoch: fc.uuid(), id: fc.maxSafeNat() }),
  tagHashes: hashes,
  modelHashes: hashes,
  storedAtMs: fc.nat(4_000_000_000_000),
  freshMs: lifeMs,
  staleWhileRevalidateMs: lifeMs,
  staleIfErrorMs: lifeMs,
});

describe('An entry', () => {
  it('comes back from its bytes as it was, compressed or not', async () => {
    await fc.assert(
      fc.asyncProperty(entry, fc.constantFrom(0, 1, 1_000), async (given, compressAbove) => {
        const codec = new EntryCodec(compressAbove);
        const bytes = await codec.encode(given);
        const back = await new EntryCodec(0).decode(bytes);
        expect(back).toEqual(given);
        expect(Buffer.compare(back?.body ?? Buffer.alloc(0), given.body)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('is compressed above the bound, where that makes it smaller', async () => {
    const [given] = fc.sample(entry, 1);
    const large = { ...given!, body: Buffer.from('the same again '.repeat(1_000)) };
    expect((await new EntryCodec(1_000).encode(large)).length).toBeLessThan(large.body.length / 10);
    expect((await new EntryCodec(0).encode(large)).length).toBeGreaterThan(large.body.length);
  });

  it('is nothing rather than something else where its bytes are cut, changed or of another version', async () => {
    const codec = new EntryCodec(0);
    await fc.assert(
      fc.asyncProperty(entry, fc.nat(), fc.nat(7), async (given, at, bit) => {
        const bytes = await codec.encode({ ...given, body: given.body.subarray(0, 200) });
        const place = at % bytes.length;
        expect(await codec.decode(bytes.subarray(0, place))).toBeNull();
        const flipped = Buffer.from(bytes);
        flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
        expect(await codec.decode(flipped)).toBeNull();
      }),
      { numRuns: 500 },
    );
    expect(await codec.decode(Buffer.alloc(0))).toBeNull();
    expect(await codec.decode(Buffer.from('something else entirely'))).toBeNull();
  });
});
