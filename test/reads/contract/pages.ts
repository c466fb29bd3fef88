import type { RowsQuery } from '../../../src/reads/row-reader.js';
import { asc, desc } from '../queries.js';
import { eq } from './conditions.js';
import { ALL_ANIMALS, EVEN, findColumn, LAST, ODD, type Subject } from './subject.js';

const SHIFT = '00000000-0000-4000-8000-00000000000';

export function describePages(subject: Subject): void {
  describe('a page after a row', () => {
    const find = (query: Partial<RowsQuery>): Promise<unknown[]> =>
      findColumn(subject, 'id', { model: 'Animal', ...query });

    it('begins behind it, through nulls that stand first', async () => {
      const order = [asc('bornAt', 'first'), asc('id')];
      await expect(find({ order, after: [null, '12'], limit: 4 })).resolves.toEqual([EVEN, ODD, LAST, '11']);
      await expect(find({ order, after: [null, LAST], limit: 2 })).resolves.toEqual(['11', '5']);
      await expect(find({ order, after: ['2019-05-01T10:00:00.123456Z', '1'] })).resolves.toEqual([
        '2',
        '3',
        '6',
        '7',
        '8',
      ]);
      await expect(find({ order, after: ['2022-11-11T11:11:11.000Z', '6'] })).resolves.toEqual(['7', '8']);
      await expect(find({ order, after: ['2022-11-11T11:11:11.000Z', '8'] })).resolves.toEqual([]);
    });

    it('begins behind it, through nulls that stand last', async () => {
      const order = [desc('bornAt', 'last'), asc('id')];
      const nulls = ['4', '9', '10', '12', EVEN, ODD, LAST];
      await expect(find({ order, after: ['2019-05-01T10:00:00.123457Z', '2'] })).resolves.toEqual(
        ['1', '5', '11'].concat(nulls),
      );
      await expect(find({ order, after: ['1969-12-31T23:59:59.999999Z', '11'] })).resolves.toEqual(nulls);
      await expect(find({ order, after: [null, '10'] })).resolves.toEqual(['12', EVEN, ODD, LAST]);
    });

    it('begins behind it where terms run both ways', async () => {
      const order = [asc('mood', 'last'), desc('name'), asc('id')];
      await expect(find({ order, after: ['CALM', 'Leo', '1'] })).resolves.toEqual(
        ['12', '3', '6', '7', '2', '8', '4'].concat([ODD, LAST, EVEN, '9']),
      );
      await expect(find({ order, after: [null, 'Odd', ODD] })).resolves.toEqual([LAST, EVEN, '9']);
    });

    it('begins behind NaN and behind decimals', async () => {
      const order = [asc('weightKg', 'last'), asc('id')];
      await expect(find({ order, after: ['450.00', '5'] })).resolves.toEqual([LAST, '9', '8']);
      await expect(find({ order, after: ['NaN', '9'] })).resolves.toEqual(['8']);
      await expect(
        find({ order: [desc('weightKg', 'last'), asc('id')], after: ['NaN', '9'], limit: 2 }),
      ).resolves.toEqual([LAST, '5']);
    });

    it('begins behind booleans, enums, floats and uuids', async () => {
      await expect(find({ order: [desc('isOnShow'), asc('id')], after: [true, EVEN] })).resolves.toEqual(
        [ODD].concat(['4', '8', LAST]),
      );
      await expect(
        find({ order: [desc('mood', 'last'), asc('id')], after: ['PLAYFUL', '6'], limit: 3 }),
      ).resolves.toEqual(['7', '1', '5']);
      const specimens = { model: 'Specimen', order: [asc('ratio', 'first'), asc('id')] };
      await expect(find({ ...specimens, after: [0, 7] })).resolves.toEqual([8, 1, 4, 6]);
      await expect(find({ ...specimens, after: [Number.NaN, 6] })).resolves.toEqual([]);
      await expect(find({ model: 'Shift', order: [desc('id')], after: [`${SHIFT}3`] })).resolves.toEqual([
        `${SHIFT}2`,
        `${SHIFT}1`,
      ]);
    });

    it('begins behind bytes, dates and times of day', async () => {
      const order = (column: string) => [asc(column, 'first'), asc('id')];
      const specimens = { model: 'Specimen' };
      await expect(find({ ...specimens, order: order('blob'), after: ['AP8Q', 1] })).resolves.toEqual([5]);
      await expect(find({ ...specimens, order: order('day'), after: ['1969-12-31', 5] })).resolves.toEqual([
        1, 4,
      ]);
      await expect(find({ ...specimens, order: order('clock'), after: ['01:30:00.1', 7] })).resolves.toEqual([
        1, 4,
      ]);
      await expect(
        find({ ...specimens, order: order('loose'), after: ['123456789012345678901234567890.123456789', 7] }),
      ).resolves.toEqual([4, 6]);
    });

    it('tells microseconds apart', async () => {
      await expect(
        find({ model: 'Shift', order: [asc('startsAt')], after: ['2026-01-31T06:00:00.000001Z'] }),
      ).resolves.toEqual([`${SHIFT}2`, `${SHIFT}3`]);
      await expect(
        find({ model: 'Shift', order: [desc('startsAt')], after: ['2026-01-31T06:00:00.000002Z'] }),
      ).resolves.toEqual([`${SHIFT}1`, `${SHIFT}4`, 'ffffffff-ffff-4fff-bfff-ffffffffffff']);
      await expect(
        find({
          model: 'Event',
          order: [asc('at'), asc('id')],
          after: ['2021-03-04T05:06:07.000001Z', '3'],
          limit: 2,
        }),
      ).resolves.toEqual(['4', '5']);
    });

    it("follows a column's collation, and composite keys", async () => {
      await expect(
        findColumn(subject, 'name', { model: 'Food', order: [asc('name')], after: ['Äpfel'] }),
      ).resolves.toEqual(['apple', 'Banana', 'cherry', 'fish 🐟', 'meat']);
      await expect(
        findColumn(subject, 'title', {
          model: 'Enclosure',
          order: [desc('zone'), asc('number')],
          after: ['South', 1],
        }),
      ).resolves.toEqual(['Night house', 'Savanna', 'Ice floe', 'Under construction']);
    });

    it('needs no such row', async () => {
      const order = [asc('name'), asc('id')];
      await expect(find({ order, after: ['M', '0'] })).resolves.toEqual([
        ODD,
        '7',
        '6',
        '4',
        '3',
        '11',
        '8',
        '10',
        '5',
      ]);
    });

    it('begins behind a row of a view without a key', async () => {
      await expect(
        findColumn(subject, 'animals', {
          model: 'TaxonCensus',
          order: [asc('taxonName'), desc('mood', 'last')],
          after: ['Tiger', 'PLAYFUL'],
        }),
      ).resolves.toEqual(['1', '3', '4']);
    });

    it('meets the condition, the limit and the offset', async () => {
      const order = [asc('id')];
      const where = eq('isOnShow', true);
      await expect(find({ order, where, after: ['3'], limit: 2 })).resolves.toEqual(['5', '6']);
      await expect(find({ order, where, after: ['3'], limit: 2, offset: 1 })).resolves.toEqual(['6', '7']);
    });

    it('leaves nothing out and repeats nothing, whatever the order', async () => {
      const orders = [
        [asc('mood', 'first'), asc('id')],
        [desc('bornAt', 'first'), desc('name'), asc('id')],
        [asc('enclosureZone', 'last'), desc('enclosureNumber', 'last'), asc('weightKg', 'first'), desc('id')],
      ];
      for (const order of orders) {
        const columns = order.map(({ column }) => column);
        const whole = await subject.reader.findRows({
          ...{ model: 'Animal', columns, where: { kind: 'all', of: [] }, order },
          ...{ limit: null, offset: 0, after: null },
        });
        for (const [index, row] of whole.entries()) {
          const after = columns.map((column) => row[column]!);
          await expect(find({ order, after })).resolves.toEqual(whole.slice(index + 1).map(({ id }) => id));
        }
        expect(whole.map(({ id }) => id).sort()).toEqual([...ALL_ANIMALS].sort());
      }
    });
  });
}
