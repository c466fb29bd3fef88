import type { Condition } from '../../src/reads/condition.js';
import type { RowsQuery } from '../../src/reads/row-reader.js';
import { openPgZoo, type PgZoo } from './pg-zoo.js';
import { asc, desc, keyedQuery, relatedQuery, rowsQuery } from './queries.js';

let zoo: PgZoo;

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterAll(() => zoo.close());

/** The text of the one statement that `read` sends. */
async function statementOf(read: Promise<unknown>): Promise<string> {
  zoo.statements.length = 0;
  await read;
  expect(zoo.statements).toHaveLength(1);
  return zoo.statements.join();
}

/** What stands behind FROM. */
async function tailOf(query: Partial<RowsQuery>): Promise<string> {
  const text = await statementOf(zoo.reader.findRows(rowsQuery({ model: 'Animal', ...query })));
  return text.replace('SELECT  FROM "zoo"."animals" AS t0 ', '');
}

describe('an order', () => {
  it('says where nulls stand only where PostgreSQL would do otherwise', async () => {
    await expect(tailOf({ order: [asc('mood'), desc('vetId')] })).resolves.toBe(
      'ORDER BY t0."mood" ASC, t0."vet_id" DESC',
    );
    await expect(tailOf({ order: [asc('mood', 'first'), desc('vetId', 'last')] })).resolves.toBe(
      'ORDER BY t0."mood" ASC NULLS FIRST, t0."vet_id" DESC NULLS LAST',
    );
  });

  it('never says it of a column without nulls, for whose index it would be the wrong order', async () => {
    await expect(tailOf({ order: [asc('name', 'first'), desc('id', 'last')] })).resolves.toBe(
      'ORDER BY t0."name" ASC, t0."id" DESC',
    );
  });
});

describe('a page after a row', () => {
  it('is one row comparison where all terms run one way and have no nulls', async () => {
    await expect(tailOf({ order: [asc('name'), asc('id')], after: ['Leo', '1'] })).resolves.toBe(
      'WHERE ((t0."name", t0."id") > ($1::text, $2::int8)) ORDER BY t0."name" ASC, t0."id" ASC',
    );
    await expect(tailOf({ order: [desc('id')], after: ['1'] })).resolves.toBe(
      'WHERE (t0."id" < $1::int8) ORDER BY t0."id" DESC',
    );
  });

  it('is bounded by the first term where terms run both ways', async () => {
    await expect(tailOf({ order: [desc('name'), asc('id')], after: ['Leo', '1'] })).resolves.toBe(
      'WHERE (t0."name" <= $1::text AND ((t0."name" < $1::text) OR (t0."name" = $1::text AND (t0."id" > $2::int8)))) ' +
        'ORDER BY t0."name" DESC, t0."id" ASC',
    );
  });

  it('compares the rest of the terms as a row as soon as they allow it', async () => {
    const order = [asc('bornAt', 'first'), desc('name'), desc('id')];
    await expect(tailOf({ order, after: ['2020-01-01T00:00:00.000Z', 'Leo', '1'] })).resolves.toContain(
      '(t0."born_at" > $1::timestamptz) OR (t0."born_at" = $1::timestamptz AND ((t0."name", t0."id") < ($2::text, $3::int8)))',
    );
  });

  it('knows what follows a null', async () => {
    await expect(tailOf({ order: [asc('vetId'), asc('id')], after: [null, '1'] })).resolves.toBe(
      'WHERE (t0."vet_id" IS NULL AND (t0."id" > $1::int8)) ORDER BY t0."vet_id" ASC, t0."id" ASC',
    );
    await expect(tailOf({ order: [desc('vetId'), asc('id')], after: [null, '1'] })).resolves.toContain(
      '((t0."vet_id" IS NOT NULL) OR (t0."vet_id" IS NULL AND (t0."id" > $1::int8)))',
    );
    await expect(tailOf({ order: [asc('vetId')], after: [null] })).resolves.toContain('WHERE FALSE');
  });

  it('refuses a row of another order', async () => {
    await expect(tailOf({ order: [asc('id')], after: [] })).rejects.toThrow(TypeError);
  });
});

describe("a statement's text", () => {
  it('is the same for any number and value of keys, parents, limits and values', async () => {
    const texts = async (few: boolean): Promise<string[]> => {
      const ids = few ? ['1'] : ['1', '2', '3', '99'];
      const where: Condition = { kind: 'in', column: 'id', values: ids, negated: false };
      const limit = few ? 1 : 7;
      const toFriends = { parentModel: 'Animal', relation: 'friends', model: 'Animal' };
      zoo.statements.length = 0;
      await zoo.reader.findRows(rowsQuery({ model: 'Animal', where, limit, offset: limit }));
      await zoo.reader.findRowsByKeys(keyedQuery({ model: 'Animal', keys: ids.map((id) => [id]) }));
      const parents = ids.map((id) => [id]);
      await zoo.reader.findRelatedRows(relatedQuery({ ...toFriends, where, limit, parents }));
      await zoo.reader.findRelatedRows(relatedQuery({ ...toFriends, where, parents }));
      await zoo.reader.aggregateRelatedRows({
        ...toFriends,
        where,
        parents,
        aggregates: [{ fn: 'count', column: null }],
      });
      return [...zoo.statements];
    };
    const few = await texts(true);
    expect(few).toHaveLength(5);
    expect(await texts(false)).toEqual(few);
  });

  it('cuts pages per parent inside SQL, and leaves whole relations to a join', async () => {
    const events = {
      parentModel: 'Animal',
      relation: 'events',
      model: 'Event',
      columns: ['grams'],
      parents: [['1']],
    };
    const page = await statementOf(
      zoo.reader.findRelatedRows(relatedQuery({ ...events, order: [asc('id')], limit: 2 })),
    );
    expect(page).toBe(
      'SELECT given.ord, related.* FROM unnest($1::int8[]) WITH ORDINALITY AS given(v0, ord) CROSS JOIN LATERAL ' +
        '(SELECT t0."grams" FROM "records"."events" AS t0 WHERE t0."animal_id" = given.v0 ORDER BY t0."id" ASC LIMIT $2::int8) AS related',
    );
    const all = await statementOf(
      zoo.reader.findRelatedRows(relatedQuery({ ...events, order: [asc('id')] })),
    );
    expect(all).toBe(
      'SELECT given.ord, t0."grams" FROM unnest($1::int8[]) WITH ORDINALITY AS given(v0, ord) ' +
        'JOIN "records"."events" AS t0 ON t0."animal_id" = given.v0 ORDER BY given.ord, t0."id" ASC',
    );
  });

  it('looks a composite key up by its columns together', async () => {
    const query = keyedQuery({
      model: 'Enclosure',
      columns: ['title'],
      keyColumns: ['zone', 'number'],
      keys: [['North', 1]],
    });
    await expect(statementOf(zoo.reader.findRowsByKeys(query))).resolves.toBe(
      'SELECT given.ord, t0."title", t0."zone", t0."number" ' +
        'FROM unnest($1::varchar[], $2::int2[]) WITH ORDINALITY AS given(v0, v1, ord) ' +
        'JOIN "zoo"."enclosures" AS t0 ON t0."zone" = given.v0 AND t0."number" = given.v1',
    );
  });
});

describe('an index', () => {
  /** The plan's nodes, with what they scan and how, for a statement and its parameters. */
  async function explain(query: RowsQuery, values: readonly string[]): Promise<string> {
    const text = await statementOf(zoo.reader.findRows(query));
    const client = await zoo.pool.connect();
    try {
      // The zoo is small enough to read whole; what matters is whether the planner could do without.
      await client.query('BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off');
      const { rows } = await client.query({ text: `EXPLAIN ${text}`, values: [...values], rowMode: 'array' });
      return rows.map(([line]) => line).join('\n');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  it('answers the page after a row from its first entry on', async () => {
    const query = rowsQuery({
      model: 'Animal',
      where: { kind: 'compare', column: 'isOnShow', op: 'eq', value: true },
      order: [asc('name'), asc('id')],
      after: ['Leo', '1'],
      limit: 2,
    });
    const plan = await explain(query, ['Leo', '1', '2']);
    expect(plan).toContain('using animals_on_show_idx');
    expect(plan).toMatch(/Index Cond: \(ROW\(name, id\) > /);
    expect(plan).not.toContain('Sort');
  });

  it('that is partial serves also a plan made for any parameters', async () => {
    const query = rowsQuery({
      model: 'Animal',
      where: { kind: 'compare', column: 'isOnShow', op: 'eq', value: true },
      order: [asc('name'), asc('id')],
    });
    expect(await explain(query, [])).toContain('using animals_on_show_idx');
  });

  it('bounds a page whose terms run both ways', async () => {
    const query = rowsQuery({
      model: 'Event',
      where: { kind: 'compare', column: 'animalId', op: 'eq', value: '1' },
      order: [desc('at'), asc('id')],
      after: ['2021-03-04T05:06:07.000001Z', '3'],
      limit: 2,
    });
    const plan = await explain(query, ['1', '2021-03-04 05:06:07.000001', '3', '2']);
    expect(plan).toMatch(/Index Cond: .*animal_id = .*at <= /);
    expect(plan).not.toContain('Sort');
  });
});
