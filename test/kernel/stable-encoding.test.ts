import fc from 'fast-check';
import { encodeStable } from '../../src/kernel/stable-encoding.js';

describe('Stable encoding', () => {
  it('does not depend on the order of keys', () => {
    expect(encodeStable({ a: 1, b: { c: 2, d: 3 } })).toBe(encodeStable({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('depends on the order of a list', () => {
    expect(encodeStable([1, 2])).not.toBe(encodeStable([2, 1]));
  });

  it('keeps values apart that are not the same', () => {
    const different = [
      undefined,
      null,
      true,
      false,
      0,
      -0,
      1,
      '1',
      1n,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      'NaN',
      '',
      [],
      {},
      [undefined],
      [null],
      [[]],
      ['a', 'b'],
      ['a,b'],
      { a: 1 },
      { a: '1' },
      { a: null },
      new Date(0),
      new Date(0).toISOString(),
      new Uint8Array([1]),
      Buffer.from([1]).toString('base64'),
    ];
    expect(new Set(different.map(encodeStable)).size).toBe(different.length);
  });

  it('takes a key without a value for an absent one', () => {
    expect(encodeStable({ a: undefined, b: 1 })).toBe(encodeStable({ b: 1 }));
  });

  it('refuses what is no data', () => {
    expect(() => encodeStable(() => 1)).toThrow(TypeError);
    expect(() => encodeStable({ a: Symbol('x') })).toThrow('not a symbol');
  });

  it('is equal exactly for equal JSON', () => {
    const canonical = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(canonical)
        : typeof value === 'object' && value !== null
          ? Object.entries(value)
              .map(([key, item]) => [key, canonical(item)] as const)
              .sort(([a], [b]) => (a < b ? -1 : 1))
          : Object.is(value, -0)
            ? 'negative zero'
            : value;
    const tag = (value: unknown) => JSON.stringify([Array.isArray(value), typeof value, canonical(value)]);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (one, other) => {
        if (tag(one) === tag(other)) expect(encodeStable(one)).toBe(encodeStable(other));
        if (encodeStable(one) === encodeStable(other)) expect(tag(one)).toBe(tag(other));
        expect(encodeStable(structuredClone(one))).toBe(encodeStable(one));
      }),
    );
  });
});
