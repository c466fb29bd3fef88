import fc from 'fast-check';
import { ALWAYS } from '../../src/reads/condition.js';
import { findPlanned } from '../../src/reads/plan/hydrate.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import type { Key, Row } from '../../src/reads/row.js';
import { openPgZoo, type PgZoo } from './pg-zoo.js';
import { asc, rowsQuery } from './queries.js';

let zoo: PgZoo;
let reads: RequestReads;

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterAll(() => zoo.close());
beforeEach(() => {
  zoo.statements.length = 0;
  reads = new RequestReads(zoo.reader, zoo.graph);
});

const animal = { model: 'Animal', columns: ['name'], keyColumns: ['id'], where: ALWAYS };
const vet = { parentModel: 'Animal', relation: 'vet', columns: ['name'], where: ALWAYS };
const passport = { parentModel: 'Animal', relation: 'passport', columns: ['number'], where: ALWAYS };
const events = {
  parentModel: 'Animal',
  relation: 'events',
  columns: ['id'],
  where: ALWAYS,
  order: [asc('id')],
  limit: 2,
  offset: 0,
  after: null,
};
const eventCount = {
  parentModel: 'Animal',
  relation: 'events',
  where: ALWAYS,
  aggregates: [
    { fn: 'count', column: null },
    { fn: 'max', column: 'at' },
  ],
} as const;

describe('rows by key', () => {
  it('that are asked for in one tick come by one statement, whatever their number', async () => {
    const ids = (await reads.findRows(rowsQuery({ model: 'Animal', columns: ['id'] }))).map(({ id }) => id);
    zoo.statements.length = 0;
    const rows = await Promise.all(ids.map((id) => reads.loadRow(animal, [id ?? null])));
    expect(rows.map((row) => row?.id)).toEqual(ids);
    expect(zoo.statements).toHaveLength(1);
  });

  it('share a statement where their specs are equal without being the same object', async () => {
    await Promise.all([
      reads.loadRow({ ...animal }, ['1']),
      reads.loadRow({ ...animal, columns: ['name'] }, ['2']),
    ]);
    expect(zoo.statements).toHaveLength(1);
  });

  it('are asked for apart where their specs differ', async () => {
    await Promise.all([
      reads.loadRow(animal, ['1']),
      reads.loadRow({ ...animal, columns: ['name', 'mood'] }, ['1']),
    ]);
    expect(zoo.statements).toHaveLength(2);
  });

  it('are aligned with what was asked for any order, gap and duplicate of keys', async () => {
    const known = [
      ['North', 1],
      ['North', 2],
      ['South', 1],
      ['South', 2],
    ];
    const unknown = [
      ['East', 1],
      ['North', 99],
      ['', 0],
    ];
    const spec = { model: 'Enclosure', columns: ['title'], keyColumns: ['zone', 'number'], where: ALWAYS };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...known, ...unknown), { maxLength: 30 }), async (keys) => {
        const fresh = new RequestReads(zoo.reader, zoo.graph);
        zoo.statements.length = 0;
        const rows = await Promise.all(keys.map((key) => fresh.loadRow(spec, [...key])));
        expect(rows.map((row) => row && [row.zone, row.number])).toEqual(
          keys.map((key) => (known.includes(key) ? key : null)),
        );
        expect(zoo.statements).toHaveLength(keys.length === 0 ? 0 : 1);
      }),
      { numRuns: 40 },
    );
  });

  it('are not asked for with a null in the key', async () => {
    await expect(reads.loadRow(animal, [null])).resolves.toBeNull();
    const spec = { model: 'Enclosure', columns: [], keyColumns: ['zone', 'number'], where: ALWAYS };
    await expect(reads.loadRow(spec, ['North', null])).resolves.toBeNull();
    expect(zoo.statements).toEqual([]);
  });

  it('fail one by one for keys that their type refuses', async () => {
    const loads = await Promise.allSettled([
      reads.loadRow(animal, ['1']),
      reads.loadRow(animal, ['one']),
      reads.loadRow(animal, ['9223372036854775808']),
    ]);
    expect(loads).toMatchObject([
      { status: 'fulfilled', value: { name: 'Leo' } },
      { status: 'rejected', reason: { code: 'BAD_USER_INPUT', inputPath: ['id'] } },
      { status: 'rejected', reason: { code: 'BAD_USER_INPUT', message: expect.stringContaining('between') } },
    ]);
    expect(zoo.statements).toHaveLength(1);
  });
});

describe('a relation', () => {
  it('to one row, whichever side has the key, costs one statement', async () => {
    const keys: Key[] = [['1'], ['2'], ['4']];
    const rows = await Promise.all(keys.map((key) => reads.loadRelatedRow(passport, key)));
    expect(rows.map((row) => row?.number ?? null)).toEqual(['P-1', 'P-2', null]);
    expect(zoo.statements).toHaveLength(1);
  });

  it('that leads to the same model as another shares its statement and its rows', async () => {
    const carer = { ...vet, relation: 'carer' };
    const [a, b, c] = await Promise.all([
      reads.loadRelatedRow(vet, [1]),
      reads.loadRelatedRow(carer, [1]),
      reads.loadRelatedRow(carer, [2]),
    ]);
    expect([a?.name, b?.name, c?.name]).toEqual(['Ada', 'Ada', 'Bob']);
    expect(zoo.statements).toHaveLength(1);
  });

  it('to many rows costs one statement for all parents, cut per parent', async () => {
    const keys: Key[] = [['5'], ['3'], ['1']];
    const rows = await Promise.all(keys.map((key) => reads.loadRelatedRows(events, key)));
    expect(rows.map((list) => list.map((row) => row.id))).toEqual([['6'], [], ['1', '3']]);
    expect(zoo.statements).toHaveLength(1);
  });

  it('is counted for all parents by one statement', async () => {
    const values = await Promise.all(
      ['5', '3', '1'].map((id) => reads.loadRelatedAggregate(eventCount, [id])),
    );
    expect(values).toEqual([
      [1, '2022-01-01T00:00:00.000Z'],
      [0, null],
      [4, '2021-03-04T05:06:07.000002Z'],
    ]);
    expect(zoo.statements).toHaveLength(1);
  });

  it('of a parent without a key is empty without a statement', async () => {
    await expect(reads.loadRelatedRow(vet, [null])).resolves.toBeNull();
    await expect(reads.loadRelatedRow(passport, [null])).resolves.toBeNull();
    await expect(reads.loadRelatedRows(events, [null])).resolves.toEqual([]);
    await expect(reads.loadRelatedAggregate(eventCount, [null])).resolves.toEqual([0, null]);
    expect(zoo.statements).toEqual([]);
  });

  it('that the model graph does not have is told by name', async () => {
    const unknown = { ...vet, relation: 'dentist' };
    await expect(reads.loadRelatedRow(unknown, [1])).rejects.toThrow('Animal.dentist');
  });
});

describe('what was read', () => {
  const names = rowsQuery({ model: 'Keeper', columns: ['name'], order: [asc('id')] });
  const count = { model: 'Keeper', where: ALWAYS, aggregates: [{ fn: 'count', column: null }] } as const;

  it('is not read again in the same request', async () => {
    const [a, b] = await Promise.all([reads.findRows(names), reads.findRows({ ...names })]);
    expect(b).toBe(a);
    await reads.findRows(names);
    await Promise.all([reads.aggregate(count), reads.aggregate({ ...count })]);
    const row = await reads.loadRow(animal, ['1']);
    expect(await reads.loadRow(animal, ['1'])).toBe(row);
    expect(zoo.statements).toHaveLength(3);
  });

  it('is read again after a write', async () => {
    const keeper = { model: 'Keeper', columns: ['name'], keyColumns: ['id'], where: ALWAYS };
    const readAll = async (): Promise<unknown[]> => [
      (await reads.findRows(names))[0],
      await reads.loadRow(keeper, [1]),
      await reads.loadRelatedRow(vet, [1]),
    ];
    await readAll();
    await zoo.pool.query(`UPDATE zoo.keepers SET name = 'Adele' WHERE id = 1`);
    expect(await readAll()).toMatchObject([{ name: 'Ada' }, { name: 'Ada' }, { name: 'Ada' }]);
    reads.clear();
    expect(await readAll()).toMatchObject([{ name: 'Adele' }, { name: 'Adele' }, { name: 'Adele' }]);
    await zoo.pool.query(`UPDATE zoo.keepers SET name = 'Ada' WHERE id = 1`);
  });

  it('is forgotten where it failed, so that a later field tries again', async () => {
    const failing = { ...zoo.reader, driver: 'pg' as const };
    let attempts = 0;
    const flaky = new RequestReads(
      {
        ...failing,
        findRows: async (query) => {
          attempts++;
          return attempts === 1 ? Promise.reject(new Error('lost')) : zoo.reader.findRows(query);
        },
        findRowsByKeys: async (query) => {
          attempts++;
          return attempts === 3 ? Promise.reject(new Error('lost')) : zoo.reader.findRowsByKeys(query);
        },
        findRelatedRows: (query) => zoo.reader.findRelatedRows(query),
        aggregateRows: (query) => zoo.reader.aggregateRows(query),
        aggregateRelatedRows: (query) => zoo.reader.aggregateRelatedRows(query),
      },
      zoo.graph,
    );
    await expect(flaky.findRows(names)).rejects.toThrow('lost');
    await expect(flaky.findRows(names)).resolves.toHaveLength(5);
    const loads: Promise<Row | null>[] = ['1', '2'].map((id) => flaky.loadRow(animal, [id]));
    expect(await Promise.allSettled(loads)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    await expect(flaky.loadRow(animal, ['1'])).resolves.toMatchObject({ name: 'Leo' });
  });

  it('by a batch that failed fails the fields of that batch and no others', async () => {
    const broken = {
      ...animal,
      where: { kind: 'text', column: 'name', op: 'contains', value: '\0' },
    } as const;
    const loads = await Promise.allSettled([
      reads.loadRow(broken, ['1']),
      reads.loadRow(broken, ['2']),
      reads.loadRow(animal, ['1']),
      reads.loadRelatedRows(events, ['1']),
    ]);
    expect(loads.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });
});

describe('rows that a plan has read', () => {
  const page = { where: ALWAYS, order: [asc('id')], limit: 3, after: null };
  const taxonOf = { slot: 'taxon', relation: 'taxon', when: null, input: 1, kind: 'one' } as const;
  const friendsOf = { slot: 'friends', relation: 'friends', when: null, input: 2, kind: 'many' } as const;
  const counted = { slot: 'n', relation: 'events', when: null, input: 3, kind: 'aggregate' } as const;
  const row = (model: string, columns: readonly string[]) => ({ model, columns, children: [] });
  const plan = {
    shape: {
      ...row('Animal', ['id', 'name']),
      children: [
        { ...taxonOf, row: row('Taxon', ['id', 'name', 'latinName']) },
        { ...friendsOf, row: row('Animal', ['id', 'mood']) },
        { ...counted, aggregates: [{ fn: 'count', column: null }] } as const,
      ],
    },
    inputs: [page, page, page, page],
    total: null,
  };
  const taxon = { model: 'Taxon', columns: ['name'], keyColumns: ['id'], where: ALWAYS };

  beforeEach(() => {
    reads = new RequestReads(zoo.reader, zoo.graph, zoo.reader);
  });

  it('are at hand for whoever asks for one by its key, at any depth', async () => {
    const { rows } = await reads.readPlan(plan);
    zoo.statements.length = 0;
    const [first] = rows;
    expect(await reads.loadRow(animal, [first!.id ?? null])).toEqual({ id: first!.id, name: first!.name });
    const planned = findPlanned(first!, 'taxon') as Row;
    expect(await reads.loadRow(taxon, [planned.id ?? null])).toEqual(planned);
    const friends = rows.flatMap((each) => findPlanned(each, 'friends') as readonly Row[]);
    expect(await reads.loadRow({ ...animal, columns: ['mood'] }, [friends[0]!.id ?? null])).toEqual(
      friends[0],
    );
    expect(zoo.statements).toHaveLength(0);
  });

  it('are read again where they lack a column, a condition is to hold, or nobody has read them', async () => {
    await reads.readPlan(plan);
    zoo.statements.length = 0;
    await reads.loadRow({ ...taxon, columns: ['rank'] }, [1]);
    await reads.loadRow({ ...taxon, where: { kind: 'null', column: 'name', negated: true } }, [1]);
    await reads.loadRow({ ...animal, where: { kind: 'all', of: [ALWAYS] } }, ['1']);
    expect(await reads.loadRow(animal, ['4711'])).toBeNull();
    expect(zoo.statements).toHaveLength(4);
  });

  it('of a later plan are at hand too, and none is after a write', async () => {
    await reads.loadRow(taxon, [1]);
    await reads.readPlan(plan);
    await reads.loadRow(taxon, [1]);
    await reads.readPlan({ ...plan, shape: row('Keeper', ['id', 'name']), inputs: [page] });
    zoo.statements.length = 0;
    const keeper = { model: 'Keeper', columns: ['name'], keyColumns: ['id'], where: ALWAYS };
    await reads.loadRow(keeper, [1]);
    expect(zoo.statements).toHaveLength(0);
    reads.clear();
    await reads.loadRow(keeper, [1]);
    expect(zoo.statements).toHaveLength(1);
  });
});

describe('a nested read', () => {
  /** Taxa, their animals, and of each its carer, its events and how many friends it has. */
  async function readNested(): Promise<{ statements: number; animals: number }> {
    const fresh = new RequestReads(zoo.reader, zoo.graph);
    zoo.statements.length = 0;
    const taxa = await fresh.findRows(rowsQuery({ model: 'Taxon', columns: ['id'] }));
    const animals = {
      ...events,
      parentModel: 'Taxon',
      relation: 'animals',
      columns: ['id', 'carerId'],
      limit: 500,
    };
    const carer = { ...vet, relation: 'carer' };
    const friends = {
      ...eventCount,
      relation: 'friends',
      aggregates: [{ fn: 'count', column: null }] as const,
    };
    const readAnimal = (row: Row): Promise<unknown> =>
      Promise.all([
        fresh.loadRelatedRow(carer, [row.carerId ?? null]),
        fresh.loadRelatedRows(events, [row.id ?? null]),
        fresh.loadRelatedAggregate(friends, [row.id ?? null]),
      ]);
    const found = await Promise.all(
      taxa.map(async ({ id }) => {
        const rows = await fresh.loadRelatedRows(animals, [id ?? null]);
        await Promise.all(rows.map(readAnimal));
        return rows.length;
      }),
    );
    return { statements: zoo.statements.length, animals: found.reduce((sum, count) => sum + count, 0) };
  }

  it('costs as many statements for thousands of rows as for a few', async () => {
    await expect(readNested()).resolves.toEqual({ statements: 5, animals: 15 });
    await zoo.pool.query(`
      INSERT INTO zoo.animals (name, taxon_id, carer_id)
      SELECT 'grown ' || n, 1 + n % 10, 1 + n % 5 FROM generate_series(1, 3000) AS n`);
    await expect(readNested()).resolves.toEqual({ statements: 5, animals: 3_015 });
    await zoo.pool.query(`DELETE FROM zoo.animals WHERE name LIKE 'grown %'`);
  });
});
