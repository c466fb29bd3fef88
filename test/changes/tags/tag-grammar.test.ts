import fc from 'fast-check';
import pg from 'pg';
import type { TagColumn, TagKind } from '../../../src/changes/tags/tag-column.js';
import {
  anyTag,
  collapseTag,
  columnTag,
  findTagText,
  membershipTag,
  rowTag,
  rowTagSql,
  sliceSuffix,
  sliceSuffixSql,
  sliceTag,
  TAG_SEPARATOR,
} from '../../../src/changes/tags/tag-grammar.js';
import { createTestDatabase, type TestDatabase } from '../../services/database.js';

const TYPES: Readonly<Record<TagKind, string>> = {
  integer: 'int8',
  uuid: 'uuid',
  boolean: 'bool',
  enum: 'mood',
  text: 'text COLLATE "en-x-icu"',
};
const LABELS = { CALM: 'calm', IN_A_HUFF: 'in a huff, 100 %' };
const COLUMNS = (Object.keys(TYPES) as TagKind[]).map(
  (kind): TagColumn => ({
    name: kind,
    dbName: `the "${kind}"`,
    kind,
    ...(kind === 'enum' && { labels: LABELS }),
  }),
);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE TYPE mood AS ENUM ('calm', 'in a huff, 100 %', 'PLAIN');
    CREATE TABLE rows (${COLUMNS.map(({ kind, dbName }) => `${pg.escapeIdentifier(dbName)} ${TYPES[kind]}`).join()})`);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({
      unit: fc.constantFrom(',', '|', '%', '%2C', '#', '=', '+', "'", '\\', '\n', '🦓', 'é', ''),
      maxLength: 12,
    }),
    fc
      .tuple(fc.constantFrom('x', 'é', '🦓', ','), fc.integer({ min: 60, max: 140 }))
      .map(([c, n]) => c.repeat(n)),
  )
  .filter((value) => !value.includes('\0'));
const big = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const small = fc.integer();
const uuid = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()));
const VALUES: Readonly<Record<TagKind, fc.Arbitrary<unknown>>> = {
  integer: fc.oneof(big, small),
  uuid,
  boolean: fc.boolean(),
  enum: fc.constantFrom('CALM', 'IN_A_HUFF', 'PLAIN'),
  text,
};
const row = fc.record(VALUES);

describe('tags', () => {
  it('have one text for one value, whether JavaScript or PostgreSQL writes it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.subarray(COLUMNS, { minLength: 1 }),
        async (rows, columns) => {
          const values = rows.map((values) =>
            COLUMNS.map(({ kind }) => {
              const value = (values as Record<string, unknown>)[kind];
              return kind === 'enum' ? ((LABELS as Record<string, string>)[String(value)] ?? value) : value;
            }),
          );
          const list = values.map(
            (_, r) =>
              `(${r}, ${COLUMNS.map(({ kind }, c) => `$${r * COLUMNS.length + c + 1}::${TYPES[kind]}`).join()})`,
          );
          const names = COLUMNS.map(({ dbName }) => pg.escapeIdentifier(dbName)).join();
          const found = await client.query({
            text: `SELECT ${rowTagSql('Animal', columns, 'r')}, ${sliceSuffixSql(columns, 'r')}
                 FROM (VALUES ${list.join()}) AS r (n, ${names}) ORDER BY n`,
            values: values.flat(),
            rowMode: 'array',
          });
          const expected = rows.map((values) => {
            const texts = columns.map(
              (column) => findTagText(column, (values as Record<string, unknown>)[column.kind])!,
            );
            return [rowTag('Animal', texts), sliceSuffix(columns, texts)];
          });
          expect(found.rows).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are told apart where values differ, whatever commas they hold', () => {
    const column: TagColumn = { name: 'a', dbName: 'a', kind: 'text' };
    fc.assert(
      fc.property(fc.tuple(text, text), fc.tuple(text, text), (left, right) => {
        const [a, b] = [left, right].map((pair) => pair.map((value) => findTagText(column, value)!));
        expect(rowTag('M', a!) === rowTag('M', b!)).toBe(left[0] === right[0] && left[1] === right[1]);
        expect(rowTag('M', a!)).not.toContain(TAG_SEPARATOR);
      }),
    );
  });

  it('are written as documented', () => {
    const zone: TagColumn = { name: 'zone', dbName: 'zone', kind: 'text' };
    const number: TagColumn = { name: 'number', dbName: 'number', kind: 'integer' };
    const suffix = sliceSuffix([zone, number], ['North', '2']);
    expect([
      rowTag('Enclosure', ['North', '2']),
      membershipTag('Enclosure'),
      sliceTag('Enclosure', suffix),
      columnTag('Enclosure', 'title'),
      sliceTag(columnTag('Enclosure', 'title'), suffix),
      anyTag('Enclosure'),
      collapseTag('Enclosure'),
    ]).toEqual([
      'Enclosure:North,2',
      'Enclosure+',
      'Enclosure+zone,number=North,2',
      'Enclosure.title',
      'Enclosure.title+zone,number=North,2',
      'Enclosure~',
      'Enclosure*',
    ]);
  });

  it('are missing for NULL and for what no row can hold', async () => {
    const unfit: Record<TagKind, readonly unknown[]> = {
      integer: [null, 1.5, 'seven', [1], '9'.repeat(99)],
      uuid: [null, 'no uuid', 7],
      boolean: [null, 'true'],
      enum: [null, 7],
      text: [null, 7, ['a']],
    };
    for (const column of COLUMNS) {
      expect(unfit[column.kind].map((value) => findTagText(column, value))).toEqual(
        unfit[column.kind].map(() => null),
      );
      const { rows } = await client.query(
        `SELECT ${rowTagSql('M', [column], 'r')} AS tag FROM (SELECT NULL::${TYPES[column.kind]}) AS r (${pg.escapeIdentifier(column.dbName)})`,
      );
      expect(rows).toEqual([{ tag: null }]);
    }
  });

  it('read integers however they are written, and half characters as PostgreSQL gets them', () => {
    const integer: TagColumn = { name: 'n', dbName: 'n', kind: 'integer' };
    expect(['7', '+7', '007', '-0', 7, -0].map((value) => findTagText(integer, value))).toEqual([
      '7',
      '7',
      '7',
      '0',
      '7',
      '0',
    ]);
    expect(findTagText({ name: 't', dbName: 't', kind: 'text' }, 'a\uD83E')).toBe('a\uFFFD');
  });
});
