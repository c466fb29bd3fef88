import { ANONYMOUS, type Viewer } from '../../src/identity/viewer.js';
import { ALWAYS, allOf, type Condition, NEVER } from '../../src/reads/condition.js';
import { createOwnRows, ViewerRows } from '../../src/reads/own-rows.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import { openPgZoo, type PgZoo } from './pg-zoo.js';
import { rowsQuery } from './queries.js';

const viewer = (id: string): Viewer => ({ id, tier: 'authenticated', scopes: [], isAuthenticated: true });
const named = (value: string): Condition => ({ kind: 'compare', column: 'name', op: 'eq', value });
const own = createOwnRows(({ id }) => (id === null ? NEVER : id === 'staff' ? ALWAYS : named(id)));

describe('own rows', () => {
  it("are nobody's before they are filled in", () => {
    expect(own).toMatchObject(NEVER);
    expect(Object.isFrozen(own)).toBe(true);
  });

  it('are put in their places, wherever these are', () => {
    const rows = new ViewerRows(viewer('Leo'));
    const related: Condition = { kind: 'related', relation: 'friends', quantifier: 'none', where: own };
    expect(rows.fill(own)).toEqual(named('Leo'));
    expect(rows.fill(allOf(named('x'), own))).toEqual({ kind: 'all', of: [named('x'), named('Leo')] });
    expect(rows.fill({ kind: 'any', of: [{ kind: 'not', of: own }, related] })).toEqual({
      kind: 'any',
      of: [
        { kind: 'not', of: named('Leo') },
        { ...related, where: named('Leo') },
      ],
    });
    expect(new ViewerRows(ANONYMOUS).fill(own)).toBe(NEVER);
    expect(new ViewerRows(viewer('staff')).fill(allOf(named('x'), own))).toEqual(named('x'));
  });

  it('leave conditions without them the objects that they are', () => {
    const rows = new ViewerRows(viewer('Leo'));
    const related: Condition = {
      kind: 'related',
      relation: 'friends',
      quantifier: 'some',
      where: named('x'),
    };
    for (const condition of [
      ALWAYS,
      NEVER,
      named('x'),
      allOf(named('x'), related),
      { kind: 'not', of: related } as Condition,
    ])
      expect(rows.fill(condition)).toBe(condition);
    const asked = { where: named('x') };
    expect(rows.fillIn(asked)).toBe(asked);
    const owned = { where: own };
    expect(rows.fillIn(owned)).toBe(rows.fillIn(owned));
  });
});

describe('reads of own rows', () => {
  let zoo: PgZoo;

  beforeAll(async () => {
    zoo = await openPgZoo();
  });

  afterAll(() => zoo.close());

  it('find nothing where nobody says whose they are', async () => {
    const query = rowsQuery({ model: 'Animal', columns: ['name'], where: own });
    expect(await new RequestReads(zoo.reader, zoo.graph).findRows(query)).toEqual([]);
    const leo = new RequestReads(zoo.reader, zoo.graph, null, new ViewerRows(viewer('Leo')));
    expect(await leo.findRows(query)).toEqual([{ name: 'Leo' }]);
    expect(zoo.reader).toBeInstanceOf(PgRowReader);
  });
});
