import { ALWAYS, type Condition, NEVER } from '../../../src/reads/condition.js';
import type { RowValue } from '../../../src/reads/row.js';
import { asc } from '../queries.js';
import { ALL_ANIMALS, EVEN, findColumn, LAST, ODD, type Subject } from './subject.js';

type Case = readonly [sentence: string, where: Condition, expected: readonly RowValue[]];

export function eq(column: string, value: RowValue): Condition {
  return { kind: 'compare', column, op: 'eq', value };
}

function compare(column: string, op: 'ne' | 'lt' | 'lte' | 'gt' | 'gte', value: RowValue): Condition {
  return { kind: 'compare', column, op, value };
}

function isIn(column: string, ...values: RowValue[]): Condition {
  return { kind: 'in', column, values, negated: false };
}

function isNotIn(column: string, ...values: RowValue[]): Condition {
  return { kind: 'in', column, values, negated: true };
}

function contains(column: string, value: string): Condition {
  return { kind: 'text', column, op: 'contains', value };
}

function startsWith(column: string, value: string): Condition {
  return { kind: 'text', column, op: 'startsWith', value };
}

export function isNull(column: string): Condition {
  return { kind: 'null', column, negated: false };
}

function isNotNull(column: string): Condition {
  return { kind: 'null', column, negated: true };
}

export function not(of: Condition): Condition {
  return { kind: 'not', of };
}

export function all(...of: Condition[]): Condition {
  return { kind: 'all', of };
}

export function any(...of: Condition[]): Condition {
  return { kind: 'any', of };
}

const HAVE_MOOD = ['1', '2', '3', '5', '6', '7', '10', '11', '12'];
const UUID = '0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab';
const LEOS_BIRTH = '2019-05-01T10:00:00.123456Z';

/** Conditions on animals, and the ids of those for which they are true. */
const ON_ANIMALS: readonly Case[] = [
  ['an enum equals', eq('mood', 'CALM'), ['1', '5', '10', '11', '12']],
  ['an enum differs, null being unknown', compare('mood', 'ne', 'CALM'), ['2', '3', '6', '7']],
  [
    'an enum comes before, as declared',
    compare('mood', 'lt', 'IN_A_HUFF'),
    HAVE_MOOD.filter((id) => id !== '2'),
  ],
  ['an enum comes behind', compare('mood', 'gte', 'PLAYFUL'), ['2', '3', '6', '7']],
  ['an enum comes before the first', compare('mood', 'lt', 'CALM'), []],
  ['an enum is one of', isIn('mood', 'CALM', 'PLAYFUL'), ['1', '3', '5', '6', '7', '10', '11', '12']],
  ['an enum is none of', isNotIn('mood', 'CALM', 'PLAYFUL'), ['2']],
  ['false comes before true', compare('isOnShow', 'lt', true), ['4', '8', LAST]],
  ['nothing comes before false', compare('isOnShow', 'lt', false), []],
  ['everything is at least false', compare('isOnShow', 'gte', false), ALL_ANIMALS],
  ['a boolean is one of', isIn('isOnShow', false), ['4', '8', LAST]],
  ['a boolean is none of', isNotIn('isOnShow', true), ['4', '8', LAST]],
  ['a decimal equals whatever its zeros', eq('weightKg', '210.1'), ['3', '4']],
  ['a decimal is greater, NaN greatest', compare('weightKg', 'gt', '450'), ['9', LAST]],
  ['a decimal is NaN', eq('weightKg', 'NaN'), ['9']],
  ['a decimal is less', compare('weightKg', 'lt', '0'), ['11']],
  ['a decimal is one of', isIn('weightKg', '1', '5.5', 'NaN'), ['6', '7', '9', EVEN, ODD]],
  ['a time equals to the microsecond', eq('bornAt', LEOS_BIRTH), ['1']],
  ['a time equals in another zone', eq('bornAt', '2019-05-01T12:00:00.123456+02:00'), ['1']],
  ['a time of milliseconds is no time of microseconds', eq('bornAt', '2019-05-01T10:00:00.123Z'), []],
  [
    'a time differs by a microsecond',
    compare('bornAt', 'ne', LEOS_BIRTH),
    ['2', '3', '5', '6', '7', '8', '11'],
  ],
  ['a time is later by a microsecond', compare('bornAt', 'gt', LEOS_BIRTH), ['2', '3', '6', '7', '8']],
  ['a time is not earlier', compare('bornAt', 'gte', LEOS_BIRTH), ['1', '2', '3', '6', '7', '8']],
  ['a time is earlier', compare('bornAt', 'lt', '2019-05-01T10:00:00.123457Z'), ['1', '5', '11']],
  ['a time is not later', compare('bornAt', 'lte', LEOS_BIRTH), ['1', '5', '11']],
  ['a time before 1970 equals', eq('bornAt', '1969-12-31T23:59:59.999999Z'), ['11']],
  ['a time is one of', isIn('bornAt', LEOS_BIRTH, '2022-11-11T11:11:11.000Z'), ['1', '6', '7', '8']],
  ['a time is none of', isNotIn('bornAt', LEOS_BIRTH, '2022-11-11T11:11:11.000Z'), ['2', '3', '5', '11']],
  ['a number beyond 2^53 is greater', compare('id', 'gt', EVEN), [ODD, LAST]],
  ['a number beyond 2^53 is one of', isIn('id', ODD, '1'), ['1', ODD]],
  ['an integer is one of none', isIn('vetId'), []],
  ['an integer is none of none, null too', isNotIn('vetId'), ALL_ANIMALS],
  ['being one of none is known even of null', not(isIn('vetId')), ALL_ANIMALS],
  [
    'a thousand and more values',
    isIn('id', ...Array.from({ length: 1_500 }, (_, n) => String(n + 4))),
    ALL_ANIMALS.slice(3, 12),
  ],
  ['a text contains %, which is a letter like others', contains('name', '%'), ['9']],
  ['a text contains _', contains('name', '_'), ['10']],
  ['a text contains a backslash', contains('name', '\\'), ['11']],
  ['a text contains quotes', contains('name', `"quoted" 'x'`), ['11']],
  ['a text contains in this case', contains('name', 'ing'), ['6', '7', '8']],
  ['a text begins in this case', startsWith('name', 'pin'), ['8']],
  ['a text begins', startsWith('name', 'Le'), ['1', '2']],
  ['a text begins with %', startsWith('name', '%'), []],
  ['every text contains nothing', contains('name', ''), ALL_ANIMALS],
  ['a text is the empty one', eq('name', ''), ['12']],
  ['a text is greater, by code points', compare('name', 'gt', 'pingu'), ['5', '10']],
  ['a column is null', isNull('mood'), ['4', '8', '9', EVEN, ODD, LAST]],
  ['a column is not null', isNotNull('mood'), HAVE_MOOD],
  ['a required column is null', isNull('name'), []],
  ['a required column is not null', isNotNull('name'), ALL_ANIMALS],
  ['a list equals', eq('moods', ['CALM', 'CALM']), ['4']],
  ['all of no parts', ALWAYS, ALL_ANIMALS],
  ['any of no parts', NEVER, []],
  ['not any of no parts', not(NEVER), ALL_ANIMALS],
  ['not all of no parts', not(ALWAYS), []],
  ['something and never', all(eq('name', 'Leo'), NEVER), []],
  ['something and always', all(eq('name', 'Leo'), ALWAYS), ['1']],
  ['something or always', any(eq('name', 'Leo'), ALWAYS), ALL_ANIMALS],
  ['something or never', any(eq('name', 'Leo'), all(NEVER), any(all(NEVER))), ['1']],
  ['both of two', all(eq('mood', 'CALM'), compare('weightKg', 'lt', '100')), ['10', '11', '12']],
  ['one of two', any(eq('name', 'Odd'), eq('name', 'Even')), [EVEN, ODD]],
  ['not of unknown is unknown', not(eq('mood', 'CALM')), ['2', '3', '6', '7']],
  [
    'something or its opposite, unknown for null',
    any(eq('mood', 'CALM'), not(eq('mood', 'CALM'))),
    HAVE_MOOD,
  ],
  [
    'not both: false beats unknown',
    not(all(eq('mood', 'CALM'), eq('isOnShow', true))),
    ['2', '3', '4', '6', '7', '8', LAST],
  ],
  ['not one of two: unknown beats false', not(any(eq('mood', 'CALM'), eq('vetId', 3))), ['6', '7']],
  ['not not', not(not(eq('mood', 'CALM'))), ['1', '5', '10', '11', '12']],
  ['not null', not(isNull('mood')), HAVE_MOOD],
];

/** Conditions on specimens, and the ids of those for which they are true. */
const ON_SPECIMENS: readonly Case[] = [
  ['a float is NaN', eq('ratio', Number.NaN), [6]],
  ['a float is greater, NaN greatest', compare('ratio', 'gt', 1.5), [4, 6]],
  ['a float is infinite', eq('ratio', Number.POSITIVE_INFINITY), [4]],
  ['a float is less', compare('ratio', 'lt', 0), [5]],
  ['a float is zero, of either sign', eq('ratio', 0), [7]],
  ['a float is one of, NaN among them', isIn('ratio', Number.NaN, 1e30, 1.5), [1, 6]],
  ['a float is none of, NaN among them', isNotIn('ratio', Number.NaN, 1e30, 1.5), [4, 5, 7, 8]],
  ['a float is infinite or NaN', any(eq('ratio', Number.NaN), eq('ratio', Number.NEGATIVE_INFINITY)), [5, 6]],
  ['a float of seventeen digits', eq('ratio', 0.300_000_000_000_000_04), [8]],
  ['a single-precision float', eq('single', 0.1), [1]],
  ['a single-precision float is at most', compare('single', 'lte', 0.1), [1, 5, 8]],
  ['a smallint', compare('small', 'gte', 7), [1, 4]],
  ['an integer at its bound', compare('whole', 'lte', -2_147_483_648), [5]],
  ['a bigint at its bound', compare('big', 'gte', LAST), [4]],
  ['a bigint beyond 2^53', eq('big', ODD), [7]],
  ['a decimal of many digits', compare('loose', 'gt', '123456789012345678901234567890.1'), [4, 6, 7]],
  ['a decimal is infinite', eq('loose', 'Infinity'), [4]],
  ['a decimal is not infinite', compare('loose', 'lt', 'Infinity'), [1, 5, 7, 8]],
  ['a decimal of thirty digits', eq('wide', '-0.000000000000000000000000000001'), [5]],
  ['a decimal is not rounded to its column', eq('price', '10.001'), []],
  ['a decimal beyond its column', compare('price', 'lt', '1e12'), [1, 4, 5, 7]],
  ['a time is not rounded to its column', eq('seenAt', '2026-01-31T12:00:00.123400Z'), []],
  ['a time lies behind one of milliseconds', compare('seenAt', 'lt', '2026-01-31T12:00:00.123400Z'), [1, 5]],
  [
    'a time without zone, to the microsecond',
    compare('seenExact', 'lte', '1969-12-31T23:59:59.999999Z'),
    [5],
  ],
  ['a time with zone, to the microsecond', compare('seenZoned', 'gte', '9999-12-31T23:59:59.999999Z'), [4]],
  [
    'a time is one of',
    isIn('seenZoned', '2026-01-31T12:00:00.123456Z', '1969-12-31T23:59:59.999999Z'),
    [1, 5],
  ],
  [
    'a time is none of',
    isNotIn('seenZoned', '2026-01-31T12:00:00.123456Z', '1969-12-31T23:59:59.999999Z'),
    [4, 7],
  ],
  ['a date', eq('day', '2026-01-31'), [1]],
  ['a date is earlier', compare('day', 'lt', '1970-01-01'), [5]],
  ['a time of day', compare('clock', 'gte', '12:00:00'), [1, 4]],
  ['a time of day with a fraction', eq('clock', '01:30:00.1'), [7]],
  ['a time of day to the microsecond', isIn('clock', '23:59:59.999999', '00:00:00'), [4, 5]],
  ['a time of day with zone', eq('clockZoned', '12:00:00Z'), [1]],
  ['a text padded to its length', eq('code', 'a'), [5]],
  ['a text longer than its column', eq('code', 'AB123'), []],
  ['padding is part of a text, as it is when read', contains('code', ' '), [4, 5]],
  ['a text begins before its padding', startsWith('code', 'a '), [5]],
  ['a text without case', eq('nick', 'nick'), [1, 5]],
  ['a text without case is one of', isIn('nick', 'NIck', 'ñandú'), [1, 5, 6]],
  ['parts of a text have their case', contains('nick', 'ick'), [1]],
  ['a text without a part, null unknown', not(contains('nick', 'ick')), [4, 5, 6, 8]],
  ['a uuid in any case', eq('token', UUID.toUpperCase()), [1]],
  ['a uuid is greater', compare('token', 'gt', UUID), [4]],
  ['a uuid is one of', isIn('token', UUID.toUpperCase(), '00000000-0000-0000-0000-000000000000'), [1, 5]],
  ['bytes', eq('blob', 'AP8Q'), [1]],
  ['no bytes', eq('blob', ''), [4]],
  ['bytes are greater', compare('blob', 'gt', 'AA=='), [1, 5]],
  ['bytes are one of', isIn('blob', '', '3q2+7w=='), [4, 5]],
  ['a boolean differs', compare('flag', 'ne', true), [4, 5]],
  ["JSON's null", eq('payload', null), [4]],
  ["other than JSON's null", compare('payload', 'ne', null), [1, 5, 6, 7, 8]],
  ['a missing JSON', isNull('payload'), [2, 3]],
  ['a JSON that is there', isNotNull('payload'), [1, 4, 5, 6, 7, 8]],
  ['a JSON object in any order', eq('payload', { c: 'text', a: [1, 2, { b: null }] }), [1]],
  ['a JSON text', eq('payload', '50%'), [8]],
  ['a JSON number', eq('payload', 0), [6]],
  ['not a JSON number', not(eq('payload', 0)), [1, 4, 5, 7, 8]],
  ['a JSON array', eq('payload', []), [5]],
  ['a JSON is one of', isIn('payload', null, []), [4, 5]],
  ['a JSON is none of', isNotIn('payload', null, []), [1, 6, 7, 8]],
  ['a json column, though json has no equality', eq('rawPayload', { a: 2, z: 1 }), [1]],
  ["a json column with JSON's null", eq('rawPayload', null), [4]],
  ['a missing json', isNull('rawPayload'), [2, 3]],
  ['a list of texts', eq('texts', ['a', 'b']), [1]],
  ['a list of odd texts', eq('texts', ['', 'NULL_', 'a,b', 'c"d', 'e\\f', '{}']), [4]],
  ['an empty list, which a NULL is not', eq('texts', []), [2, 6, 7]],
  ['another list, NULL unknown', compare('texts', 'ne', ['a', 'b']), [2, 4, 5, 6, 7, 8]],
  ['a list is one of', isIn('texts', ['a', 'b'], []), [1, 2, 6, 7]],
  ['a list is none of', isNotIn('texts', ['a', 'b'], []), [4, 5, 8]],
  ['a list that is NULL', isNull('texts'), [3]],
  ['a list comes before', compare('wholes', 'lt', [1, 2, 2]), [2, 5, 6, 7, 8]],
  ['a list of decimals', eq('prices', ['NaN', '99999999.990']), [4]],
  ['a list of bigints', eq('bigs', [ODD]), [1]],
  ['a list of times', eq('seenAts', ['2026-01-31T12:00:00.000001Z']), [1]],
  ['a list of times cut short', eq('seenAts', ['2026-01-31T12:00:00.000Z']), []],
  ['a list of dates', eq('days', ['2026-01-31', '2024-02-29']), [1]],
  ['a list of bytes', eq('blobs', ['AQ==', '']), [1]],
  ['a list of uuids', eq('tokens', [UUID.toUpperCase()]), [1]],
  ['a list of booleans', eq('flags', [true, false]), [1]],
  ['a list of floats', eq('ratios', [0.1, 0.300_000_000_000_000_04, 5e-324]), [7]],
  [
    'a list of floats with NaN',
    eq('ratios', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]),
    [4],
  ],
  ['a list of JSON', eq('payloads', [{ k: 1 }, []]), [1]],
  ["a list of JSON with JSON's null", eq('payloads', [null, 'text', 1.5]), [4]],
  ['a list of enums', eq('moods', ['CALM', 'IN_A_HUFF']), [1]],
];

export function describeConditions(subject: Subject): void {
  describe('a condition', () => {
    it.each(ON_ANIMALS)('holds where %s', async (_, where, expected) => {
      await expect(
        findColumn(subject, 'id', { model: 'Animal', where, order: [asc('id')] }),
      ).resolves.toEqual(expected);
    });

    it.each(ON_SPECIMENS)('holds for %s', async (_, where, expected) => {
      await expect(
        findColumn(subject, 'id', { model: 'Specimen', where, order: [asc('id')] }),
      ).resolves.toEqual(expected);
    });

    it("compares in a column's collation", async () => {
      const where = compare('name', 'gt', 'apple');
      const names = await findColumn(subject, 'name', { model: 'Food', where });
      expect(names.sort()).toEqual(['Banana', 'cherry', 'fish 🐟', 'meat']);
    });

    it('holds on views, also on one without a key', async () => {
      await expect(
        findColumn(subject, 'zone', { model: 'EnclosureLoad', where: eq('heaviest', '450') }),
      ).resolves.toEqual(['North']);
      const order = [asc('taxonName')];
      await expect(
        findColumn(subject, 'taxonName', { model: 'TaxonCensus', where: isNull('mood'), order }),
      ).resolves.toEqual(['Gentoo', 'Tiger', 'Unknown']);
      await expect(
        findColumn(subject, 'taxonName', {
          model: 'TaxonCensus',
          where: all(compare('mood', 'gt', 'CALM'), compare('animals', 'gt', '1')),
          order,
        }),
      ).resolves.toEqual(['Gentoo']);
    });
  });
}
