import type { RelatedQuery } from '../../../src/reads/row-reader.js';
import { asc, desc, relatedQuery } from '../queries.js';
import { eq, isNull } from './conditions.js';
import { EVEN, findRelatedColumn, ODD, pick, type Subject } from './subject.js';

export function describeRelations(subject: Subject): void {
  describe('related rows', () => {
    const find = (
      [parentModel, relation, model]: readonly [string, string, string],
      column: string,
      query: Partial<RelatedQuery> & Pick<RelatedQuery, 'parents'>,
    ): Promise<unknown[][]> => findRelatedColumn(subject, column, { parentModel, relation, model, ...query });

    it('stand where their parents stand, none for a parent that has none or is none', async () => {
      await expect(
        find(['Taxon', 'children', 'Taxon'], 'name', {
          parents: [[2], [5], [1], [999]],
          order: [asc('name')],
        }),
      ).resolves.toEqual([['Penguins'], [], ['Bears', 'Cats'], []]);
    });

    it('are one for a key on the parent', async () => {
      await expect(
        find(['Animal', 'taxon', 'Taxon'], 'name', { parents: [[9], [5], [999]] }),
      ).resolves.toEqual([['Gentoo'], ['Lion'], []]);
      await expect(find(['Taxon', 'parent', 'Taxon'], 'name', { parents: [[3]] })).resolves.toEqual([
        ['Cats'],
      ]);
    });

    it('are one at most from the side without the key', async () => {
      await expect(
        find(['Animal', 'passport', 'Passport'], 'number', { parents: [['1'], ['3'], [ODD], [EVEN]] }),
      ).resolves.toEqual([['P-1'], [], ['P-ODD'], []]);
    });

    it('are told apart between two relations of the same models', async () => {
      const parents = [[1], [5]];
      const order = [asc('id')];
      await expect(find(['Keeper', 'caresFor', 'Animal'], 'id', { parents, order })).resolves.toEqual([
        ['1', '2', '5'],
        [],
      ]);
      await expect(find(['Keeper', 'treats', 'Animal'], 'id', { parents, order })).resolves.toEqual([
        ['4', '5'],
        ['6', '7'],
      ]);
      await expect(find(['Animal', 'carer', 'Keeper'], 'name', { parents: [[3]] })).resolves.toEqual([
        ["O'Hara"],
      ]);
    });

    it('meet by all columns of a composite key', async () => {
      const parents = [
        ['South', 1],
        ['North', 3],
        ['North', 1],
      ];
      await expect(
        find(['Enclosure', 'animals', 'Animal'], 'id', { parents, order: [asc('id')] }),
      ).resolves.toEqual([['6', '7', '8'], [], ['1', '2', '3']]);
      await expect(find(['Animal', 'enclosure', 'Enclosure'], 'title', { parents })).resolves.toEqual([
        ['Aviary "Åsa"'],
        ['Under construction'],
        ['Savanna'],
      ]);
      await expect(find(['Enclosure', 'notes', 'Note'], 'text', { parents })).resolves.toEqual([
        ['Two\nlines'],
        [],
        ['Fence broken'],
      ]);
    });

    it('meet by a unique column that is no key', async () => {
      await expect(
        find(['Keeper', 'shifts', 'Shift'], 'opens', {
          parents: [['K_003'], ['K-005'], ['K-001']],
          order: [desc('startsAt'), asc('id')],
        }),
      ).resolves.toEqual([['12:00:00'], [], ['23:59:59.999999', '06:00:00.5', '06:00:00']]);
      await expect(
        find(['Shift', 'keeper', 'Keeper'], 'id', { parents: [['K_003'], ['K-001']] }),
      ).resolves.toEqual([[3], [1]]);
    });

    it('meet in an implicit join table', async () => {
      await expect(
        find(['Animal', 'foods', 'Food'], 'name', { parents: [['2'], ['9'], [ODD]], order: [asc('name')] }),
      ).resolves.toEqual([['fish 🐟', 'meat'], [], ['apple']]);
      await expect(
        find(['Food', 'animals', 'Animal'], 'id', {
          parents: [['apple'], ['100% bran'], ['meat']],
          order: [asc('id')],
        }),
      ).resolves.toEqual([['5', ODD], [], ['1', '2', '3']]);
    });

    it('meet in a join table of the model with itself, the right way round', async () => {
      const parents = [['1'], ['6'], ['7'], [ODD]];
      const order = [asc('id')];
      await expect(find(['Animal', 'friends', 'Animal'], 'id', { parents, order })).resolves.toEqual([
        ['2'],
        ['6'],
        ['6'],
        [EVEN],
      ]);
      await expect(find(['Animal', 'friendOf', 'Animal'], 'id', { parents, order })).resolves.toEqual([
        ['2', '3'],
        ['6', '7'],
        [],
        [],
      ]);
    });

    it('meet beyond 2^53', async () => {
      await expect(
        find(['Animal', 'feedings', 'Feeding'], 'foodName', { parents: [[EVEN], [ODD]] }),
      ).resolves.toEqual([['apple'], ['Banana']]);
    });

    it('may be rows of a view, and belong to one', async () => {
      const parents = [
        ['South', 2],
        ['North', 3],
      ];
      await expect(find(['Enclosure', 'loads', 'EnclosureLoad'], 'residents', { parents })).resolves.toEqual([
        ['1'],
        ['0'],
      ]);
      await expect(find(['EnclosureLoad', 'enclosure', 'Enclosure'], 'areaM2', { parents })).resolves.toEqual(
        [[25], [0]],
      );
    });

    it('have a limit and an offset for each parent', async () => {
      const enclosures = ['Enclosure', 'animals', 'Animal'] as const;
      const parents = [
        ['North', 2],
        ['North', 3],
        ['South', 1],
        ['North', 1],
      ];
      const order = [desc('weightKg', 'last'), asc('id')];
      await expect(find(enclosures, 'id', { parents, order, limit: 2 })).resolves.toEqual([
        ['5', EVEN],
        [],
        ['6', '7'],
        ['3', '1'],
      ]);
      await expect(find(enclosures, 'id', { parents, order, limit: 1, offset: 2 })).resolves.toEqual([
        [ODD],
        [],
        ['8'],
        ['2'],
      ]);
      await expect(find(enclosures, 'id', { parents, order, offset: 2 })).resolves.toEqual([
        [ODD],
        [],
        ['8'],
        ['2'],
      ]);
      await expect(find(enclosures, 'id', { parents, order, limit: 0 })).resolves.toEqual([[], [], [], []]);
      const foods = { parents: [['5'], ['1'], ['6']], order: [desc('name')] };
      await expect(find(['Animal', 'foods', 'Food'], 'name', { ...foods, limit: 2 })).resolves.toEqual([
        ['fish 🐟', 'cherry'],
        ['meat'],
        ['fish 🐟'],
      ]);
      await expect(
        find(['Animal', 'foods', 'Food'], 'name', { ...foods, limit: 2, offset: 1 }),
      ).resolves.toEqual([['cherry', 'Banana'], [], []]);
    });

    it('begin after a row for each parent', async () => {
      const events = ['Animal', 'events', 'Event'] as const;
      const parents = [['1'], ['2'], ['5'], [ODD]];
      const order = [desc('at'), asc('id')];
      const after = ['2021-03-04T05:06:07.000001Z', '3'];
      await expect(find(events, 'id', { parents, order })).resolves.toEqual([
        ['5', '3', '4', '1'],
        ['2'],
        ['6'],
        [ODD],
      ]);
      await expect(find(events, 'id', { parents, order, after, limit: 1 })).resolves.toEqual([
        ['4'],
        ['2'],
        [],
        [],
      ]);
      await expect(
        find(['Food', 'animals', 'Animal'], 'id', {
          parents: [['meat'], ['fish 🐟']],
          order: [asc('mood', 'first'), asc('id')],
          after: ['PLAYFUL', '3'],
        }),
      ).resolves.toEqual([['2'], ['6', '2']]);
    });

    it('are those that meet the condition, also to one', async () => {
      await expect(
        find(['Enclosure', 'animals', 'Animal'], 'id', {
          parents: [
            ['North', 1],
            ['South', 1],
          ],
          where: eq('mood', 'PLAYFUL'),
          order: [asc('id')],
        }),
      ).resolves.toEqual([['3'], ['6', '7']]);
      await expect(
        find(['Animal', 'vet', 'Keeper'], 'id', { parents: [[4], [5]], where: isNull('email') }),
      ).resolves.toEqual([[4], []]);
      await expect(
        find(['Animal', 'foods', 'Food'], 'name', { parents: [['5']], where: isNull('kcal') }),
      ).resolves.toEqual([['cherry']]);
    });

    it('have exact values', async () => {
      const columns = ['at', 'kind', 'diagnosis'];
      const [events] = await subject.reader.findRelatedRows(
        relatedQuery({
          ...{ parentModel: 'Animal', relation: 'events', model: 'Event', columns, parents: [['1']] },
          ...{ order: [asc('id')], limit: 2 },
        }),
      );
      expect(pick(events!, columns)).toEqual([
        { at: '2019-05-01T10:00:00.123456Z', kind: 'BIRTH', diagnosis: null },
        { at: '2021-03-04T05:06:07.000001Z', kind: 'ILLNESS', diagnosis: 'A cold' },
      ]);
      const [friends] = await subject.reader.findRelatedRows(
        relatedQuery({
          ...{
            parentModel: 'Animal',
            relation: 'friendOf',
            model: 'Animal',
            columns: ['weightKg', 'bornAt'],
          },
          ...{ parents: [['1']], order: [asc('id')] },
        }),
      );
      expect(pick(friends!, ['weightKg', 'bornAt'])).toEqual([
        { weightKg: '130.50', bornAt: '2019-05-01T10:00:00.123457Z' },
        { weightKg: '210.10', bornAt: '2020-02-29T00:00:00.000Z' },
      ]);
    });

    it('are none for no parents', async () => {
      await expect(find(['Animal', 'foods', 'Food'], 'name', { parents: [] })).resolves.toEqual([]);
    });

    it('take as many statements for five hundred parents as for two', async () => {
      const count = async (parents: number): Promise<number> => {
        const start = subject.statements.length;
        await find(['Animal', 'events', 'Event'], 'at', {
          parents: Array.from({ length: parents }, (_, index) => [String(index + 1)]),
          order: [desc('at'), asc('id')],
          limit: 2,
        });
        return subject.statements.length - start;
      };
      const few = await count(2);
      expect(few).toBeGreaterThan(0);
      expect(await count(500)).toBe(few);
    });
  });
}
