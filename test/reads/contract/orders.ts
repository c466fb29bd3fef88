import { asc, desc } from '../queries.js';
import { EVEN, findColumn, LAST, ODD, type Subject } from './subject.js';

export function describeOrders(subject: Subject): void {
  describe('an order', () => {
    it('puts nulls where it says', async () => {
      const without = ['4', '8', '9', EVEN, ODD, LAST];
      const find = (order: Parameters<typeof findColumn>[2]['order']): Promise<unknown[]> =>
        findColumn(subject, 'id', { model: 'Animal', order });
      const up = ['1', '5', '10', '11', '12', '3', '6', '7', '2'];
      const down = ['2', '3', '6', '7', '1', '5', '10', '11', '12'];
      await expect(find([asc('mood', 'last'), asc('id')])).resolves.toEqual([...up, ...without]);
      await expect(find([asc('mood', 'first'), asc('id')])).resolves.toEqual([...without, ...up]);
      await expect(find([desc('mood', 'last'), asc('id')])).resolves.toEqual([...down, ...without]);
      await expect(find([desc('mood', 'first'), asc('id')])).resolves.toEqual([...without, ...down]);
    });

    it('runs both ways at once, with NaN behind all numbers', async () => {
      const order = [desc('mood', 'first'), asc('weightKg', 'last'), desc('id')];
      await expect(findColumn(subject, 'id', { model: 'Animal', order })).resolves.toEqual(
        [ODD, EVEN, '4', LAST, '9', '8'].concat(['2', '7', '6', '3', '11', '10', '12', '1', '5']),
      );
    });

    it("follows a column's collation", async () => {
      const order = [asc('name')];
      await expect(findColumn(subject, 'name', { model: 'Food', order })).resolves.toEqual([
        '100% bran',
        'Äpfel',
        'apple',
        'Banana',
        'cherry',
        'fish 🐟',
        'meat',
      ]);
    });

    it('tells microseconds apart, and leaves ties to the next term', async () => {
      const order = [desc('at'), asc('id')];
      await expect(findColumn(subject, 'id', { model: 'Event', order })).resolves.toEqual(
        [ODD].concat(['6', '5', '3', '4', '2', '1']),
      );
    });

    it('knows floats, booleans, uuids, bytes, JSON and lists', async () => {
      const find = (column: string): Promise<unknown[]> =>
        findColumn(subject, 'id', { model: 'Specimen', order: [asc(column), asc('id')] });
      await expect(find('ratio')).resolves.toEqual([5, 7, 8, 1, 4, 6, 2, 3]);
      await expect(find('flag')).resolves.toEqual([4, 5, 1, 2, 3, 6, 7, 8]);
      await expect(find('token')).resolves.toEqual([5, 1, 4, 2, 3, 6, 7, 8]);
      await expect(find('blob')).resolves.toEqual([4, 1, 5, 2, 3, 6, 7, 8]);
      await expect(find('payload')).resolves.toEqual([5, 4, 8, 6, 1, 7, 2, 3]);
      await expect(find('wholes')).resolves.toEqual([2, 6, 7, 8, 5, 1, 4, 3]);
    });

    it('sorts views by what they have', async () => {
      await expect(
        findColumn(subject, 'animals', {
          model: 'TaxonCensus',
          order: [desc('animals', 'last'), asc('taxonName')],
          limit: 3,
        }),
      ).resolves.toEqual(['4', '3', '2']);
    });

    it('takes a limit and an offset', async () => {
      const order = [asc('id')];
      const find = (limit: number | null, offset: number): Promise<unknown[]> =>
        findColumn(subject, 'id', { model: 'Keeper', order, limit, offset });
      await expect(find(2, 0)).resolves.toEqual([1, 2]);
      await expect(find(2, 4)).resolves.toEqual([5]);
      await expect(find(null, 3)).resolves.toEqual([4, 5]);
      await expect(find(2, 5)).resolves.toEqual([]);
      await expect(find(0, 0)).resolves.toEqual([]);
    });

    it('may be empty, and then a limit still holds', async () => {
      await expect(findColumn(subject, 'id', { model: 'Animal', limit: 4 })).resolves.toHaveLength(4);
      await expect(findColumn(subject, 'mood', { model: 'TaxonCensus', limit: 4 })).resolves.toHaveLength(4);
    });
  });
}
