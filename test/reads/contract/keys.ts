import { keyedQuery } from '../queries.js';
import { EVEN, LAST, ODD, pick, type Subject } from './subject.js';

export function describeKeys(subject: Subject): void {
  describe('rows by keys', () => {
    it('stand where their keys stand, null for a gap, again for a duplicate', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({ model: 'Animal', columns: ['name'], keys: [['3'], ['999'], ['1'], ['3']] }),
      );
      expect(pick(rows, ['name'])).toEqual([{ name: 'Shere' }, null, { name: 'Leo' }, { name: 'Shere' }]);
    });

    it('have the columns of their key whether asked for or not', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({ model: 'Feeding', keyColumns: ['animalId', 'foodName'], keys: [['6', 'apple']] }),
      );
      expect(pick(rows, ['animalId', 'foodName'])).toEqual([{ animalId: '6', foodName: 'apple' }]);
    });

    it('are told apart beyond 2^53', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({ model: 'Animal', columns: ['id', 'name'], keys: [[ODD], [LAST], [EVEN]] }),
      );
      expect(pick(rows, ['id', 'name'])).toEqual([
        { id: ODD, name: 'Odd' },
        { id: LAST, name: 'Last' },
        { id: EVEN, name: 'Even' },
      ]);
    });

    it('are found by all columns of a key together', async () => {
      const enclosures = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Enclosure',
          columns: ['title'],
          keyColumns: ['zone', 'number'],
          keys: [
            ['South', 1],
            ['South', 3],
            ['West', 1],
            ['North', 1],
            ['South', 2],
          ],
        }),
      );
      expect(pick(enclosures, ['title'])).toEqual([
        { title: 'Aviary "Åsa"' },
        null,
        null,
        { title: 'Savanna' },
        { title: 'Night house' },
      ]);
      // The columns in another order than the model's.
      const turned = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Enclosure',
          columns: ['title'],
          keyColumns: ['number', 'zone'],
          keys: [[2, 'North']],
        }),
      );
      expect(pick(turned, ['title'])).toEqual([{ title: 'Ice floe' }]);
    });

    it('are found by any unique key, as the column compares', async () => {
      const byBadge = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Keeper',
          columns: ['id'],
          keyColumns: ['badge'],
          keys: [['K%004'], ['K-999'], ['K_003']],
        }),
      );
      expect(pick(byBadge, ['id', 'badge'])).toEqual([
        { id: 4, badge: 'K%004' },
        null,
        { id: 3, badge: 'K_003' },
      ]);
      // A citext knows no case.
      const byEmail = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Keeper',
          columns: ['id'],
          keyColumns: ['email'],
          keys: [['ADA@ZOO.EXAMPLE'], ['zoe@zoo.example']],
        }),
      );
      expect(pick(byEmail, ['id', 'email'])).toEqual([
        { id: 1, email: 'Ada@Zoo.example' },
        { id: 5, email: 'zoe@zoo.example' },
      ]);
      const byToken = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Shift',
          columns: ['opens'],
          keys: [['FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF'], ['00000000-0000-4000-8000-000000000002']],
        }),
      );
      expect(pick(byToken, ['opens'])).toEqual([{ opens: '12:00:00' }, { opens: '06:00:00.5' }]);
    });

    it('of a view are found by the key it is said to have', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'EnclosureLoad',
          columns: ['heaviest'],
          keyColumns: ['zone', 'number'],
          keys: [
            ['South', 2],
            ['North', 3],
          ],
        }),
      );
      expect(pick(rows, ['heaviest'])).toEqual([{ heaviest: '210.10' }, { heaviest: null }]);
    });

    it('are null where the condition leaves them out', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({
          model: 'Animal',
          columns: ['name'],
          keys: [['1'], ['4'], ['2']],
          where: { kind: 'compare', column: 'isOnShow', op: 'eq', value: true },
        }),
      );
      expect(pick(rows, ['name'])).toEqual([{ name: 'Leo' }, null, { name: 'Leonie' }]);
    });

    it('of a key with null are null, as null equals nothing', async () => {
      const rows = await subject.reader.findRowsByKeys(
        keyedQuery({ model: 'Keeper', keyColumns: ['email'], keys: [[null], ['zoe@zoo.example']] }),
      );
      expect(pick(rows, ['email'])).toEqual([null, { email: 'zoe@zoo.example' }]);
    });

    it('are none for no keys', async () => {
      await expect(subject.reader.findRowsByKeys(keyedQuery({ model: 'Animal', keys: [] }))).resolves.toEqual(
        [],
      );
    });

    it('take as many statements for a thousand keys as for two', async () => {
      const count = async (keys: number): Promise<number> => {
        const start = subject.statements.length;
        await subject.reader.findRowsByKeys(
          keyedQuery({
            model: 'Animal',
            columns: ['bornAt'],
            keys: Array.from({ length: keys }, (_, index) => [String(index + 1)]),
          }),
        );
        return subject.statements.length - start;
      };
      const few = await count(2);
      expect(few).toBeGreaterThan(0);
      expect(await count(1_000)).toBe(few);
    });
  });
}
