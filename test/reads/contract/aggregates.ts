import { ALWAYS, type Condition, NEVER } from '../../../src/reads/condition.js';
import type { Key, RowValue } from '../../../src/reads/row.js';
import type { Aggregate, AggregateFunction } from '../../../src/reads/row-reader.js';
import { EVEN, LAST, ODD, type Subject } from './subject.js';

const COUNT: Aggregate = { fn: 'count', column: null };

function of(column: string, ...functions: AggregateFunction[]): Aggregate[] {
  return functions.map((fn) => ({ fn, column }));
}

function ids(...values: RowValue[]): Condition {
  return { kind: 'in', column: 'id', values, negated: false };
}

export function describeAggregates(subject: Subject): void {
  const aggregate = (
    model: string,
    where: Condition,
    ...aggregates: Aggregate[]
  ): Promise<readonly RowValue[]> => subject.reader.aggregateRows({ model, where, aggregates });

  describe('an aggregate', () => {
    it('counts', async () => {
      await expect(aggregate('Animal', ALWAYS, COUNT)).resolves.toEqual([15]);
      const calm: Condition = { kind: 'compare', column: 'mood', op: 'eq', value: 'CALM' };
      await expect(aggregate('Animal', calm, COUNT)).resolves.toEqual([5]);
      await expect(aggregate('Animal', NEVER, COUNT)).resolves.toEqual([0]);
    });

    it('of decimals is exact text', async () => {
      const five = ids('1', '2', '3', '4', '5');
      await expect(aggregate('Animal', five, ...of('weightKg', 'sum', 'avg', 'min', 'max'))).resolves.toEqual(
        ['1190.70', '238.14', '130.50', '450.00'],
      );
      await expect(
        aggregate('Animal', ids('1', '9'), ...of('weightKg', 'sum', 'avg', 'min', 'max')),
      ).resolves.toEqual(['NaN', 'NaN', '190.00', 'NaN']);
      await expect(aggregate('Specimen', ids(1, 5), ...of('wide', 'sum'))).resolves.toEqual([
        '9.999999999999999999999999999999',
      ]);
      await expect(aggregate('Specimen', ids(1, 7), ...of('loose', 'sum'))).resolves.toEqual([
        '123456789012345678901234567900.623456789',
      ]);
      await expect(aggregate('Specimen', ids(1, 7), ...of('price', 'sum', 'avg'))).resolves.toEqual([
        '10.00',
        '5',
      ]);
      await expect(aggregate('Specimen', ids(4, 5), ...of('price', 'sum', 'avg'))).resolves.toEqual([
        '0.00',
        '0',
      ]);
      await expect(aggregate('Specimen', ids(1, 4), ...of('loose', 'sum'))).resolves.toEqual(['Infinity']);
      await expect(aggregate('Specimen', ids(4, 5), ...of('loose', 'sum', 'min'))).resolves.toEqual([
        'NaN',
        '-Infinity',
      ]);
      await expect(aggregate('Specimen', ids(8), ...of('loose', 'sum'))).resolves.toEqual([
        '0.00000000000000000001',
      ]);
    });

    it('of whole numbers is text for a sum, a number for an average', async () => {
      await expect(aggregate('Animal', ALWAYS, ...of('vetId', 'sum', 'avg', 'min', 'max'))).resolves.toEqual([
        '22',
        22 / 7,
        1,
        5,
      ]);
      await expect(aggregate('Animal', ids(EVEN, ODD), ...of('id', 'sum', 'avg', 'max'))).resolves.toEqual([
        '18014398509481985',
        9_007_199_254_740_992,
        ODD,
      ]);
      await expect(
        aggregate('Specimen', ids(1, 4), ...of('big', 'sum'), ...of('small', 'sum')),
      ).resolves.toEqual(['9223372036854775849', '32774']);
    });

    it('of floats is a number', async () => {
      await expect(aggregate('Specimen', ids(1, 8), ...of('ratio', 'sum', 'avg'))).resolves.toEqual([
        1.8, 0.9,
      ]);
      await expect(aggregate('Specimen', ids(1), ...of('single', 'sum', 'min'))).resolves.toEqual([0.1, 0.1]);
      await expect(
        aggregate('Specimen', ALWAYS, ...of('ratio', 'sum', 'avg', 'min', 'max')),
      ).resolves.toEqual([Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN]);
      await expect(aggregate('Specimen', ids(1, 4), ...of('ratio', 'sum', 'avg'))).resolves.toEqual([
        Number.POSITIVE_INFINITY,
        Number.POSITIVE_INFINITY,
      ]);
    });

    it('finds the least and the greatest of any type that has an order', async () => {
      const bounds = (model: string, column: string): Promise<readonly RowValue[]> =>
        aggregate(model, ALWAYS, ...of(column, 'min', 'max'));
      await expect(bounds('Animal', 'bornAt')).resolves.toEqual([
        '1969-12-31T23:59:59.999999Z',
        '2022-11-11T11:11:11.000Z',
      ]);
      await expect(bounds('Animal', 'name')).resolves.toEqual(['', 'Ísbjörn']);
      await expect(bounds('Animal', 'mood')).resolves.toEqual(['CALM', 'IN_A_HUFF']);
      await expect(bounds('Animal', 'isOnShow')).resolves.toEqual([false, true]);
      await expect(bounds('Animal', 'id')).resolves.toEqual(['1', LAST]);
      await expect(bounds('Food', 'name')).resolves.toEqual(['100% bran', 'meat']);
      await expect(bounds('Specimen', 'token')).resolves.toEqual([
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-ffff-ffff-ffffffffffff',
      ]);
      await expect(bounds('Specimen', 'blob')).resolves.toEqual(['', '3q2+7w==']);
      await expect(bounds('Specimen', 'day')).resolves.toEqual(['1969-12-31', '9999-12-31']);
      await expect(bounds('Specimen', 'clock')).resolves.toEqual(['00:00:00', '23:59:59.999999']);
      await expect(bounds('Specimen', 'seenAt')).resolves.toEqual([
        '1000-01-01T00:00:00.000Z',
        '9999-12-31T23:59:59.999Z',
      ]);
      await expect(bounds('Specimen', 'price')).resolves.toEqual(['-99999999.99', 'NaN']);
      await expect(bounds('Specimen', 'small')).resolves.toEqual([-32_768, 32_767]);
    });

    it('over nothing is null, and a count 0', async () => {
      await expect(
        aggregate(
          'Animal',
          NEVER,
          COUNT,
          ...of('weightKg', 'sum', 'avg', 'min', 'max'),
          ...of('id', 'sum', 'avg'),
        ),
      ).resolves.toEqual([0, null, null, null, null, null, null]);
      const unborn: Condition = { kind: 'null', column: 'bornAt', negated: false };
      await expect(aggregate('Animal', unborn, COUNT, ...of('bornAt', 'max'))).resolves.toEqual([7, null]);
    });

    it('comes in the order it was asked for, as often as it was', async () => {
      await expect(
        aggregate('Taxon', ALWAYS, ...of('id', 'max'), COUNT, ...of('parentId', 'sum'), COUNT),
      ).resolves.toEqual([10, 10, '22', 10]);
      await expect(aggregate('Taxon', ALWAYS)).resolves.toEqual([]);
    });

    it('goes over views and over conditions on related rows', async () => {
      await expect(aggregate('TaxonCensus', ALWAYS, COUNT, ...of('animals', 'sum', 'max'))).resolves.toEqual([
        9,
        '15',
        '4',
      ]);
      await expect(aggregate('EnclosureLoad', ALWAYS, ...of('heaviest', 'sum', 'min'))).resolves.toEqual([
        '875.70',
        '5.50',
      ]);
      const ofCats: Condition = {
        ...{ kind: 'related', relation: 'taxon', quantifier: 'some' },
        where: { kind: 'compare', column: 'name', op: 'eq', value: 'Lion' },
      };
      await expect(aggregate('Animal', ofCats, COUNT, ...of('weightKg', 'sum'))).resolves.toEqual([
        2,
        '320.50',
      ]);
    });
  });

  describe('an aggregate of related rows', () => {
    const aggregateRelated = (
      [parentModel, relation, model]: readonly [string, string, string],
      parents: readonly Key[],
      where: Condition,
      ...aggregates: Aggregate[]
    ): Promise<readonly (readonly RowValue[])[]> =>
      subject.reader.aggregateRelatedRows({ parentModel, relation, model, parents, where, aggregates });

    it('stands where its parent stands, over nothing for a parent that has none', async () => {
      await expect(
        aggregateRelated(['Keeper', 'caresFor', 'Animal'], [[2], [5], [1], [999]], ALWAYS, COUNT),
      ).resolves.toEqual([[6], [0], [3], [0]]);
    });

    it('is as exact as one of all rows', async () => {
      await expect(
        aggregateRelated(
          ['Keeper', 'caresFor', 'Animal'],
          [[1], [4], [5]],
          ALWAYS,
          ...of('weightKg', 'sum', 'avg', 'min', 'max'),
          ...of('bornAt', 'max'),
          ...of('taxonId', 'sum', 'avg'),
        ),
      ).resolves.toEqual([
        ['770.50', '256.8333333333333333', '130.50', '450.00', '2019-05-01T10:00:00.123457Z', '17', 17 / 3],
        ['NaN', 'NaN', '-0.01', 'NaN', '1969-12-31T23:59:59.999999Z', '30', 10],
        [null, null, null, null, null, null, null],
      ]);
    });

    it('goes by all columns of a composite key, and by a unique column', async () => {
      await expect(
        aggregateRelated(
          ['Enclosure', 'animals', 'Animal'],
          [
            ['South', 1],
            ['North', 3],
            ['North', 1],
          ],
          ALWAYS,
          COUNT,
          ...of('weightKg', 'sum'),
        ),
      ).resolves.toEqual([
        [3, '11.00'],
        [0, null],
        [3, '530.60'],
      ]);
      await expect(
        aggregateRelated(
          ['Keeper', 'shifts', 'Shift'],
          [['K-001'], ['K-005']],
          ALWAYS,
          COUNT,
          ...of('day', 'min'),
        ),
      ).resolves.toEqual([
        [3, '2026-01-31'],
        [0, null],
      ]);
    });

    it('goes over many-to-many', async () => {
      await expect(
        aggregateRelated(['Animal', 'foods', 'Food'], [['5'], ['9'], ['1']], ALWAYS, COUNT),
      ).resolves.toEqual([[5], [0], [1]]);
      await expect(
        aggregateRelated(
          ['Animal', 'foods', 'Food'],
          [['5'], ['9'], [ODD]],
          ALWAYS,
          COUNT,
          ...of('kcal', 'sum', 'avg'),
          ...of('name', 'min', 'max'),
        ),
      ).resolves.toEqual([
        [5, '313', 78.25, 'Äpfel', 'fish 🐟'],
        [0, null, null, null, null],
        [1, '52', 52, 'apple', 'apple'],
      ]);
      await expect(
        aggregateRelated(
          ['Animal', 'friends', 'Animal'],
          [['1'], ['6'], ['4']],
          ALWAYS,
          COUNT,
          ...of('id', 'sum'),
        ),
      ).resolves.toEqual([
        [1, '2'],
        [1, '6'],
        [0, null],
      ]);
      await expect(
        aggregateRelated(
          ['Animal', 'friendOf', 'Animal'],
          [['1'], ['6'], [EVEN]],
          ALWAYS,
          COUNT,
          ...of('weightKg', 'sum'),
        ),
      ).resolves.toEqual([
        [2, '340.60'],
        [2, '11.00'],
        [1, '1.00'],
      ]);
    });

    it('goes over what a key on the parent leads to', async () => {
      await expect(
        aggregateRelated(['Animal', 'taxon', 'Taxon'], [[5], [10]], ALWAYS, COUNT, ...of('name', 'max')),
      ).resolves.toEqual([
        [1, 'Lion'],
        [1, 'Unknown'],
      ]);
      await expect(
        aggregateRelated(['Animal', 'passport', 'Passport'], [['1'], ['3']], ALWAYS, COUNT),
      ).resolves.toEqual([[1], [0]]);
    });

    it('meets the condition', async () => {
      const rich: Condition = { kind: 'compare', column: 'kcal', op: 'gt', value: 60 };
      await expect(
        aggregateRelated(['Animal', 'foods', 'Food'], [['5'], ['6']], rich, COUNT),
      ).resolves.toEqual([[2], [1]]);
      const early: Condition = {
        kind: 'compare',
        column: 'at',
        op: 'lte',
        value: '2021-03-04T05:06:07.000001Z',
      };
      await expect(
        aggregateRelated(['Animal', 'events', 'Event'], [['1'], ['5']], early, COUNT, ...of('id', 'sum')),
      ).resolves.toEqual([
        [3, '8'],
        [0, null],
      ]);
    });

    it('is one over nothing where the condition never holds', async () => {
      for (const [relation, model] of [
        ['foods', 'Food'],
        ['feedings', 'Feeding'],
      ] as const) {
        const link = ['Animal', relation, model] as const;
        await expect(aggregateRelated(link, [['5']], NEVER, COUNT)).resolves.toEqual([[0]]);
      }
      await expect(
        aggregateRelated(['Animal', 'foods', 'Food'], [['5']], NEVER, COUNT, ...of('kcal', 'sum')),
      ).resolves.toEqual([[0, null]]);
    });

    it('is none for no parents, and empty for no aggregates', async () => {
      await expect(aggregateRelated(['Animal', 'foods', 'Food'], [], ALWAYS, COUNT)).resolves.toEqual([]);
      await expect(aggregateRelated(['Animal', 'foods', 'Food'], [['1'], ['2']], ALWAYS)).resolves.toEqual([
        [],
        [],
      ]);
    });

    it('takes as many statements for five hundred parents as for two', async () => {
      const count = async (parents: number): Promise<number> => {
        const start = subject.statements.length;
        const keys = Array.from({ length: parents }, (_, index) => [String(index + 1)]);
        await aggregateRelated(['Animal', 'foods', 'Food'], keys, ALWAYS, COUNT);
        await aggregateRelated(['Animal', 'feedings', 'Feeding'], keys, ALWAYS, COUNT, ...of('grams', 'avg'));
        return subject.statements.length - start;
      };
      const few = await count(2);
      expect(few).toBeGreaterThan(0);
      expect(await count(500)).toBe(few);
    });
  });
}
