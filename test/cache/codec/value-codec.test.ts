import fc from 'fast-check';
import { decodeValue, encodeValue } from '../../../src/cache/codec/value-codec.js';

const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, Number.NaN, -0, Number.POSITIVE_INFINITY),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
);
const value = fc.letrec((tie) => ({
  value: fc.oneof(leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
})).value;

describe('A value', () => {
  it('comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(value, (given) => {
        const bytes = encodeValue(given);
        expect(bytes).not.toBeNull();
        expect(decodeValue(bytes as Buffer)).toStrictEqual(structuredCloneOf(given));
      }),
      { numRuns: 500 },
    );
  });

  it('has no bytes where it would come back as something else', () => {
    class Money {
      constructor(readonly cents: bigint) {}
    }
    const getter = {
      get name() {
        return 'x';
      },
    };
    const odd = [
      () => 1,
      Symbol('x'),
      new Money(1n),
      new Map(),
      Promise.resolve(),
      getter,
      { [Symbol('x')]: 1 },
    ];
    const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], null);
    for (const given of [...odd, deep]) {
      expect(encodeValue(given)).toBeNull();
      expect(encodeValue({ within: [given] })).toBeNull();
    }
  });
});

/** With the prototypes that decoding gives: fast-check makes some objects without one. */
function structuredCloneOf(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(structuredCloneOf);
  if (given === null || typeof given !== 'object' || given instanceof Date || Buffer.isBuffer(given))
    return given;
  return Object.fromEntries(Object.entries(given).map(([name, item]) => [name, structuredCloneOf(item)]));
}
