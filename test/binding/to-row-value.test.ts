import { isInexact, toRowValue } from '../../src/binding/execution/to-row-value.js';
import { checkValue } from '../../src/binding/inputs/check-value.js';
import type { Column, Model } from '../../src/model/model-graph.js';
import { domainGraph } from '../domain/domain-graph.js';

let specimen: Model;

beforeAll(async () => {
  specimen = (await domainGraph()).models.get('Specimen')!;
});

const column = (name: string): Column => specimen.columns.get(name)!;
const decimal = { toFixed: () => '10' };

describe('values as Prisma Client gives them', () => {
  it.each<[string, unknown, unknown]>([
    ['label', 'text', 'text'],
    ['label', null, null],
    ['label', undefined, null],
    ['big', 9007199254740993n, '9007199254740993'],
    ['big', 5, '5'],
    ['price', decimal, '10'],
    ['price', 1.5, '1.5'],
    ['seenAt', new Date(1), '1970-01-01T00:00:00.001Z'],
    ['day', new Date(0), '1970-01-01'],
    ['clock', new Date(1500), '00:00:01.5'],
    ['clock', new Date(0), '00:00:00'],
    ['clockZoned', new Date(0), '00:00:00Z'],
    ['blob', new Uint8Array([1]), 'AQ=='],
    ['payload', { a: [1] }, { a: [1] }],
    ['bigs', [1n, 2n], ['1', '2']],
    ['whole', 7, 7],
  ])('become row values: %s %p', (name, given, expected) => {
    expect(toRowValue(column(name), given)).toEqual(expected);
  });

  it('may have lost digits', () => {
    expect([decimal, new Date(), [new Date()]].map(isInexact)).toEqual([true, true, true]);
    expect(['10.00', 7, null, [1], { a: 1 }, 7n].map(isInexact)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('what a column refuses although its scalar takes it', () => {
  it.each<[string, unknown, string | null]>([
    ['small', 32_768, 'must lie between -32768 and 32767'],
    ['small', '12', null],
    ['small', 'x', 'must be a whole number'],
    ['whole', 1.5, 'must be a whole number'],
    ['whole', 2 ** 31, 'must lie between -2147483648 and 2147483647'],
    ['big', '9223372036854775808', 'must be a whole number of 64 bits'],
    ['big', 'x', 'must be a whole number'],
    ['token', 'x', 'must be a UUID such as 123e4567-e89b-12d3-a456-426614174000'],
    ['token', '123e4567-e89b-12d3-a456-426614174000', null],
    ['label', 'a\0b', 'must not contain the character U+0000'],
    ['payload', 'a\0b', null],
    ['mood', 'CALM', null],
    ['flag', true, null],
  ])('%s %p', (name, value, problem) => {
    expect(checkValue(column(name), value as string)).toBe(problem);
  });
});
