import fc from 'fast-check';
import { ALWAYS, type Condition, NEVER } from '../../src/reads/condition.js';
import type { Row, RowValue } from '../../src/reads/row.js';
import { readMemory } from './memory.js';
import { evaluate, findRelated, type Memory } from './naive-evaluator.js';
import { openPgZoo, type PgZoo } from './pg-zoo.js';
import { rowsQuery } from './queries.js';

let zoo: PgZoo;
let memory: Memory;

beforeAll(async () => {
  zoo = await openPgZoo();
  memory = await readMemory(zoo, ['Animal', 'Taxon', 'Keeper', 'Enclosure', 'Food', 'Event', 'Passport']);
});
afterAll(() => zoo.close());

/** Columns that conditions are made of, by model. Food's name has a collation that the evaluator doesn't know. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  Animal: [
    'id',
    'name',
    'mood',
    'moods',
    'weightKg',
    'bornAt',
    'isOnShow',
    'taxonId',
    'vetId',
    'enclosureZone',
  ],
  Taxon: ['id', 'name', 'latinName', 'rank', 'parentId'],
  Keeper: ['id', 'badge', 'name'],
  Enclosure: ['zone', 'number', 'title', 'areaM2'],
  Food: ['kcal'],
  Event: ['id', 'kind', 'at', 'grams', 'diagnosis'],
  Passport: ['number', 'country'],
};
const OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;
const TEXTS = ['', '%', '_', '\\', '"', "'", 'o', 'Le', '100%', 'a_c', 'Ì', 'ö', 'e\\s'];

/** A value that the column has in some row. */
function existing(model: string, column: string): fc.Arbitrary<RowValue> {
  const values = memory.rows.get(model)!.map((row) => row[column]!);
  return fc.constantFrom(...values.filter((value) => value !== null));
}

function leaf(model: string): fc.Arbitrary<Condition> {
  const { columns } = memory.graph.models.get(model)!;
  const text = fc
    .record({ column: fc.constantFrom(...COLUMNS[model]!), value: fc.constantFrom(...TEXTS) })
    .filter(({ column }) => columns.get(column)!.type === 'String')
    .chain(({ column, value }) =>
      fc.constantFrom('contains', 'startsWith').map((op): Condition => ({ kind: 'text', column, op, value })),
    );
  const compared = fc.constantFrom(...COLUMNS[model]!).chain((column) =>
    fc.oneof(
      fc
        .record({ op: fc.constantFrom(...OPERATORS), value: existing(model, column) })
        .map(({ op, value }): Condition => ({ kind: 'compare', column, op, value })),
      fc
        .record({ values: fc.array(existing(model, column), { maxLength: 4 }), negated: fc.boolean() })
        .map(({ values, negated }): Condition => ({ kind: 'in', column, values, negated })),
      fc.boolean().map((negated): Condition => ({ kind: 'null', column, negated })),
    ),
  );
  const hasText = COLUMNS[model]!.some((column) => columns.get(column)!.type === 'String');
  return hasText ? fc.oneof({ weight: 3, arbitrary: compared }, text) : compared;
}

function condition(model: string, depth: number): fc.Arbitrary<Condition> {
  if (depth === 0) return leaf(model);
  const part = condition(model, depth - 1);
  const parts = fc.array(part, { maxLength: 3 });
  const relations = [...memory.graph.models.get(model)!.relations.values()].filter(
    ({ target }) => target in COLUMNS,
  );
  return fc.oneof(
    leaf(model),
    parts.map((of): Condition => ({ kind: 'all', of })),
    parts.map((of): Condition => ({ kind: 'any', of })),
    part.map((of): Condition => ({ kind: 'not', of })),
    fc
      .constantFrom(...relations)
      .chain(({ name, target }) =>
        fc
          .record({ quantifier: fc.constantFrom('some', 'none'), where: condition(target, depth - 1) })
          .map(
            ({ quantifier, where }): Condition => ({ kind: 'related', relation: name, quantifier, where }),
          ),
      ),
  );
}

function keyOf(model: string, row: Row): string {
  return JSON.stringify(memory.graph.models.get(model)!.primaryKey!.map((name) => row[name]));
}

async function findKeys(model: string, where: Condition): Promise<readonly string[]> {
  const columns = memory.graph.models.get(model)!.primaryKey!;
  const rows = await zoo.reader.findRows(rowsQuery({ model, columns, where }));
  return rows.map((row) => keyOf(model, row)).sort();
}

describe('a condition', () => {
  it.each(['Animal', 'Taxon', 'Event', 'Enclosure'])(
    'on %s finds the rows for which it is true',
    async (model) => {
      await fc.assert(
        fc.asyncProperty(condition(model, 3), async (where) => {
          const expected = memory.rows
            .get(model)!
            .filter((row) => evaluate(memory, model, row, where) === true)
            .map((row) => keyOf(model, row));
          expect(await findKeys(model, where)).toEqual(expected.sort());
        }),
        { numRuns: 150 },
      );
    },
  );

  it('without parts is true for all, and false for any', async () => {
    await expect(findKeys('Keeper', ALWAYS)).resolves.toHaveLength(5);
    await expect(findKeys('Keeper', NEVER)).resolves.toEqual([]);
    await expect(findKeys('Keeper', { kind: 'not', of: NEVER })).resolves.toHaveLength(5);
  });

  it('on an empty list of values is false for every row, and negated true, nulls included', async () => {
    const inNothing: Condition = { kind: 'in', column: 'vetId', values: [], negated: false };
    await expect(findKeys('Animal', inNothing)).resolves.toEqual([]);
    await expect(findKeys('Animal', { ...inNothing, negated: true })).resolves.toHaveLength(15);
    await expect(findKeys('Animal', { kind: 'not', of: inNothing })).resolves.toHaveLength(15);
  });

  it('takes thousands of values', async () => {
    const values = Array.from({ length: 20_000 }, (_, index) => String(index));
    await expect(
      findKeys('Animal', { kind: 'in', column: 'id', values, negated: false }),
    ).resolves.toHaveLength(12);
  });

  it('compares whole lists, also with several', async () => {
    const find = (where: Condition): Promise<readonly string[]> => findKeys('Specimen', where);
    await expect(
      findKeys('Animal', { kind: 'compare', column: 'moods', op: 'eq', value: ['CALM', 'CALM'] }),
    ).resolves.toEqual(['["4"]']);
    await expect(
      find({ kind: 'in', column: 'texts', values: [['a', 'b'], ['🦓', '%', '_', '\\'], []], negated: false }),
    ).resolves.toEqual(['[1]', '[2]', '[6]', '[7]', '[8]']);
    await expect(find({ kind: 'compare', column: 'blobs', op: 'eq', value: ['AQ==', ''] })).resolves.toEqual([
      '[1]',
    ]);
    await expect(
      find({ kind: 'compare', column: 'payloads', op: 'eq', value: [{ k: 1 }, []] }),
    ).resolves.toEqual(['[1]']);
  });

  it("tells JSON's null from a missing value, and compares JSON by content", async () => {
    const find = (where: Condition): Promise<readonly string[]> => findKeys('Specimen', where);
    for (const column of ['payload', 'rawPayload']) {
      await expect(find({ kind: 'compare', column, op: 'eq', value: null })).resolves.toEqual(['[4]']);
      await expect(find({ kind: 'in', column, values: [null, []], negated: false })).resolves.toEqual([
        '[4]',
        '[5]',
      ]);
      await expect(find({ kind: 'null', column, negated: false })).resolves.toEqual(['[2]', '[3]']);
    }
    const value = { c: 'text', a: [1, 2, { b: null }] };
    await expect(find({ kind: 'compare', column: 'payload', op: 'eq', value })).resolves.toEqual(['[1]']);
    await expect(
      find({ kind: 'compare', column: 'rawPayload', op: 'eq', value: { a: 2, z: 1 } }),
    ).resolves.toEqual(['[1]']);
  });

  it('compares exactly what was asked for, not what fits the column', async () => {
    const find = (where: Condition): Promise<readonly string[]> => findKeys('Specimen', where);
    // A cast to the column's own numeric(10,2), varchar(12) or timestamp(3) would find the nearest.
    await expect(find({ kind: 'compare', column: 'price', op: 'eq', value: '10.001' })).resolves.toEqual([]);
    await expect(find({ kind: 'compare', column: 'price', op: 'eq', value: '10' })).resolves.toEqual(['[1]']);
    await expect(
      find({ kind: 'compare', column: 'seenAt', op: 'eq', value: '2026-01-31T12:00:00.123400Z' }),
    ).resolves.toEqual([]);
    await expect(
      findKeys('Keeper', { kind: 'compare', column: 'badge', op: 'eq', value: 'K-001        and more' }),
    ).resolves.toEqual([]);
    await expect(find({ kind: 'compare', column: 'code', op: 'eq', value: 'AB123' })).resolves.toEqual([]);
  });

  it('follows the column where case does not matter, but not in parts of a text', async () => {
    const find = (where: Condition): Promise<readonly string[]> => findKeys('Specimen', where);
    await expect(find({ kind: 'compare', column: 'nick', op: 'eq', value: 'nick' })).resolves.toEqual([
      '[1]',
      '[5]',
    ]);
    await expect(find({ kind: 'text', column: 'nick', op: 'contains', value: 'ick' })).resolves.toEqual([
      '[1]',
    ]);
    await expect(find({ kind: 'text', column: 'token', op: 'startsWith', value: '0b0e' })).resolves.toEqual([
      '[1]',
    ]);
  });

  it('reaches through every kind of relation as the naive evaluator does', () => {
    const [leo] = memory.rows.get('Animal')!.filter((row) => row.id === '1');
    expect(findRelated(memory, 'Animal', leo!, 'friends').map((row) => row.id)).toEqual(['2']);
    expect(findRelated(memory, 'Animal', leo!, 'enclosure').map((row) => row.title)).toEqual(['Savanna']);
  });
});
