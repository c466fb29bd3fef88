import fc from 'fast-check';
import { type GraphQLScalarType, parseValue } from 'graphql';
import { ENGINE_SCALARS } from '../../src/binding/scalars/engine-scalars.js';

function scalar(name: string): GraphQLScalarType {
  return ENGINE_SCALARS.get(name)!;
}

/** Takes a value as a variable, and the same as a literal where it has one, and gives what both became. */
function take(name: string, value: unknown): unknown {
  return scalar(name).parseValue(value);
}

function takeLiteral(name: string, literal: string): unknown {
  return scalar(name).parseLiteral(parseValue(literal), {});
}

describe('scalars take', () => {
  it.each<[string, unknown, unknown]>([
    ['DateTime', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['DateTime', '2026-01-31t12:00:00.123456z', '2026-01-31T12:00:00.123456Z'],
    ['DateTime', '2026-01-31T12:00:00.120000000Z', '2026-01-31T12:00:00.120Z'],
    ['DateTime', '2026-01-31T01:30:00+02:00', '2026-01-30T23:30:00.000Z'],
    ['DateTime', '2026-01-31T23:30:00.000001-00:30', '2026-02-01T00:00:00.000001Z'],
    ['DateTime', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['Date', '2024-02-29', '2024-02-29'],
    ['Time', '23:59', '23:59'],
    ['Time', '12:00:00.5Z', '12:00:00.5Z'],
    ['Decimal', '10.00', '10.00'],
    ['Decimal', '-1e-20', '-1e-20'],
    ['Decimal', 1.5, '1.5'],
    ['Decimal', 'nan', 'NaN'],
    ['Decimal', '-infinity', '-Infinity'],
    ['BigInt', '9223372036854775807', '9223372036854775807'],
    ['BigInt', '-0', '0'],
    ['BigInt', 42, '42'],
    ['BigInt', 42n, '42'],
    ['UUID', '123E4567-E89B-12D3-A456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ['Bytes', '3q2+7w==', '3q2+7w=='],
    ['Bytes', '', ''],
    ['JSON', { a: [1, null] }, { a: [1, null] }],
  ])('%s %p', (name, given, expected) => {
    expect(take(name, given)).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    ['Decimal', '0.10000000000000000000000001', '0.10000000000000000000000001'],
    ['Decimal', '12', '12'],
    ['Decimal', '"NaN"', 'NaN'],
    ['BigInt', '9007199254740993', '9007199254740993'],
    ['BigInt', '"7"', '7'],
    ['DateTime', '"2026-01-31T12:00:00Z"', '2026-01-31T12:00:00.000Z'],
    ['Date', '"2026-01-31"', '2026-01-31'],
    ['Time', '"12:00:00"', '12:00:00'],
    ['UUID', '"123e4567-e89b-12d3-a456-426614174000"', '123e4567-e89b-12d3-a456-426614174000'],
    ['Bytes', '"AQ=="', 'AQ=='],
    ['JSON', '{a: 1}', { a: 1 }],
  ])('the literal %s %s digit by digit', (name, literal, expected) => {
    expect(takeLiteral(name, literal)).toEqual(expected);
  });
});

describe('scalars refuse', () => {
  it.each<[string, unknown]>([
    ['DateTime', '2026-01-31'],
    ['DateTime', '2026-02-30T00:00:00Z'],
    ['DateTime', '2026-13-01T00:00:00Z'],
    ['DateTime', '2026-01-31T24:00:00Z'],
    ['DateTime', '2026-01-31T12:00:00'],
    ['DateTime', '2026-01-31T12:00:00+24:00'],
    ['DateTime', '2026-01-31T12:00:00+01:60'],
    ['DateTime', '2026-01-31T12:00:00.1234567Z'],
    ['DateTime', '9999-12-31T23:59:59-01:00'],
    ['DateTime', '0000-01-01T00:00:00+01:00'],
    ['DateTime', 0],
    ['DateTime', new Date(Number.NaN)],
    ['Date', '2026-02-30'],
    ['Date', '2026-1-1'],
    ['Date', 7],
    ['Time', '24:00:00'],
    ['Time', '12:00:00.1234567'],
    ['Time', 12],
    ['Decimal', '1,5'],
    ['Decimal', ''],
    ['Decimal', '1e99999'],
    ['Decimal', Number.NaN],
    ['Decimal', true],
    ['Decimal', '9'.repeat(200_000)],
    ['BigInt', 2 ** 53],
    ['BigInt', 1.5],
    ['BigInt', '9223372036854775808'],
    ['BigInt', '-9223372036854775809'],
    ['BigInt', 'ten'],
    ['BigInt', null],
    ['UUID', 'nonsense'],
    ['UUID', 5],
    ['Bytes', 'hello!'],
    ['Bytes', 'abc'],
    ['Bytes', 5],
  ])('%s %p', (name, given) => {
    expect(() => take(name, given)).toThrow();
  });

  it.each(['DateTime', 'Date', 'Time', 'Decimal', 'BigInt', 'UUID', 'Bytes'])(
    'a literal of another kind: %s',
    (name) => {
      expect(() => takeLiteral(name, 'true')).toThrow();
    },
  );

  it('in words that name the scalar, and show a long value in brief', () => {
    expect(() => take('Decimal', 'x'.repeat(500))).toThrow(
      /^Decimal takes a decimal number such as "10.00", not "x{56}\.\.\.$/,
    );
  });
});

describe('scalars show', () => {
  const prismaDecimal = { toFixed: () => '10.5' };
  it.each<[string, unknown, unknown]>([
    ['DateTime', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['DateTime', '2026-01-31T12:00:00.000001Z', '2026-01-31T12:00:00.000001Z'],
    ['Date', new Date(0), '1970-01-01'],
    ['Date', '2026-01-31', '2026-01-31'],
    ['Time', new Date(1), '00:00:00.001'],
    ['Time', '12:00:00', '12:00:00'],
    ['Decimal', '10.00', '10.00'],
    ['Decimal', 1.5, '1.5'],
    ['Decimal', 7n, '7'],
    ['Decimal', prismaDecimal, '10.5'],
    ['BigInt', 7n, '7'],
    ['BigInt', 7, '7'],
    ['BigInt', '99999999999999999999', '99999999999999999999'],
    ['UUID', '123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ['Bytes', new Uint8Array([1, 2]), 'AQI='],
    ['Bytes', 'AQI=', 'AQI='],
    ['JSON', { a: 1 }, { a: 1 }],
  ])('%s %p', (name, given, expected) => {
    expect(scalar(name).serialize(given)).toEqual(expected);
  });

  it.each(['DateTime', 'Date', 'Time', 'Decimal', 'BigInt', 'UUID', 'Bytes'])(
    'no value of another kind: %s',
    (name) => {
      expect(() => scalar(name).serialize({})).toThrow();
      expect(() => scalar(name).serialize(true)).toThrow();
    },
  );
});

describe('scalars keep every value on its way in and out', () => {
  it('DateTime, to the microsecond', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-30') }),
        fc.nat(999),
        (date, micros) => {
          const text = `${date.toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
          const taken = String(take('DateTime', text));
          expect(take('DateTime', taken)).toBe(taken);
          expect(Date.parse(taken)).toBe(date.getTime());
          expect(taken.replace('Z', '').padEnd(26, '0')).toBe(text.replace('Z', ''));
        },
      ),
    );
  });

  it('BigInt, over all 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
        expect(take('BigInt', String(number))).toBe(String(number));
      }),
    );
  });
});
