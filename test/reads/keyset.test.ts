import fc from 'fast-check';
import { ALWAYS, type Condition } from '../../src/reads/condition.js';
import type { Key, Row, RowValue } from '../../src/reads/row.js';
import type { OrderTerm } from '../../src/reads/row-reader.js';
import { openPgZoo, type PgZoo } from './pg-zoo.js';
import { asc, desc, relatedQuery, rowsQuery } from './queries.js';

let zoo: PgZoo;

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterAll(() => zoo.close());

/** Any order over some of the columns, made total by the model's key. */
function totalOrder(model: string, columns: readonly string[]): fc.Arbitrary<readonly OrderTerm[]> {
  const key = zoo.graph.models.get(model)!.primaryKey!;
  const toTerms = (names: readonly string[]): fc.Arbitrary<OrderTerm[]> =>
    fc.tuple(
      ...names.map((column) =>
        fc.record({
          column: fc.constant(column),
          direction: fc.constantFrom('asc' as const, 'desc' as const),
          nulls: fc.constantFrom('first' as const, 'last' as const),
        }),
      ),
    );
  return fc
    .shuffledSubarray([...columns])
    .chain((names) => toTerms([...names.filter((name) => !key.includes(name)), ...key]));
}

function reverse(order: readonly OrderTerm[]): readonly OrderTerm[] {
  return order.map(({ column, direction, nulls }) => ({
    column,
    direction: direction === 'asc' ? 'desc' : 'asc',
    nulls: nulls === 'first' ? 'last' : 'first',
  }));
}

function positionOf(row: Row | undefined, order: readonly OrderTerm[]): readonly RowValue[] | null {
  return row === undefined ? null : order.map(({ column }) => row[column] ?? null);
}

/** All rows in pages, each begun after the last row of the one before. */
async function walk(
  readPage: (after: readonly RowValue[] | null) => Promise<readonly Row[]>,
  order: readonly OrderTerm[],
  pageRows: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await readPage(positionOf(rows.at(-1), order));
    rows.push(...page);
    if (page.length < pageRows) return rows;
    if (rows.length > 1_000) throw new Error('The walk does not come to an end.');
  }
}

/** No lists or Json: a row doesn't show whether these are NULL, so that its place can't be told from it. */
const MODELS: readonly (readonly [model: string, columns: readonly string[]])[] = [
  ['Animal', ['name', 'mood', 'weightKg', 'bornAt', 'isOnShow', 'taxonId', 'vetId', 'enclosureZone']],
  ['Feeding', ['grams', 'since', 'foodName', 'animalId']],
  ['Enclosure', ['areaM2', 'lengthM', 'title']],
  ['Event', ['kind', 'at', 'grams', 'diagnosis']],
  ['Shift', ['badge', 'day', 'startsAt', 'opens', 'savedAt']],
  [
    'Specimen',
    'code nick token flag small big ratio single price wide loose seenAt seenExact seenZoned day clock blob mood'.split(
      ' ',
    ),
  ],
];

describe('pages', () => {
  it.each(MODELS)('of %s, walked either way, are the whole list in its order', async (model, columns) => {
    const arbitrary = fc.record({
      order: totalOrder(model, columns),
      pageRows: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ order, pageRows }) => {
        const query = rowsQuery({ model, columns: order.map(({ column }) => column) });
        const whole = await zoo.reader.findRows({ ...query, order });
        const readFrom =
          (terms: readonly OrderTerm[]) =>
          (after: readonly RowValue[] | null): Promise<readonly Row[]> =>
            zoo.reader.findRows({ ...query, order: terms, after, limit: pageRows });
        expect(await walk(readFrom(order), order, pageRows)).toEqual(whole);
        const backward = reverse(order);
        expect(await walk(readFrom(backward), backward, pageRows)).toEqual(whole.toReversed());
      }),
      { numRuns: 40 },
    );
  });

  it('of a relation are cut per parent, walked for each on its own', async () => {
    const order = [desc('weightKg', 'last'), asc('bornAt', 'first'), asc('id')];
    const parents: Key[] = [[9], [5], [1], [10]];
    const where: Condition = { kind: 'compare', column: 'name', op: 'ne', value: 'Odd' };
    const query = relatedQuery({
      parentModel: 'Taxon',
      relation: 'animals',
      model: 'Animal',
      columns: ['name', 'weightKg', 'bornAt', 'id'],
      where,
      order,
      parents,
    });
    const wholes = await zoo.reader.findRelatedRows(query);
    expect(wholes.map((rows) => rows.length)).toEqual([3, 2, 0, 6]);
    for (const [index, parent] of parents.entries()) {
      const readPage = async (after: readonly RowValue[] | null): Promise<readonly Row[]> =>
        (await zoo.reader.findRelatedRows({ ...query, parents: [parent], after, limit: 2 })).flat();
      expect(await walk(readPage, order, 2)).toEqual(wholes[index]);
    }
    const firsts = await zoo.reader.findRelatedRows({ ...query, limit: 2 });
    expect(firsts).toEqual(wholes.map((rows) => rows.slice(0, 2)));
    const seconds = await zoo.reader.findRelatedRows({ ...query, limit: 2, offset: 1 });
    expect(seconds).toEqual(wholes.map((rows) => rows.slice(1, 3)));
  });

  it('go on after a row that is gone', async () => {
    const query = rowsQuery({ model: 'Taxon', columns: ['name'], order: [asc('name')], where: ALWAYS });
    const rows = await zoo.reader.findRows({ ...query, after: ['Lions, which are not here'], limit: 2 });
    expect(rows).toEqual([{ name: 'Mammals' }, { name: 'Penguins' }]);
  });

  it('of no rows are no rows, without a statement', async () => {
    zoo.statements.length = 0;
    await expect(zoo.reader.findRows(rowsQuery({ model: 'Taxon', limit: 0 }))).resolves.toEqual([]);
    const related = { parentModel: 'Taxon', relation: 'animals', model: 'Animal' };
    await expect(
      zoo.reader.findRelatedRows(relatedQuery({ ...related, parents: [[1], [2]], limit: 0 })),
    ).resolves.toEqual([[], []]);
    await expect(zoo.reader.findRelatedRows(relatedQuery({ ...related, parents: [] }))).resolves.toEqual([]);
    expect(zoo.statements).toEqual([]);
  });
});
