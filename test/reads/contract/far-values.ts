import pg from 'pg';
import type { Row, RowValue } from '../../../src/reads/row.js';
import type { RowReader } from '../../../src/reads/row-reader.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { asc, rowsQuery } from '../queries.js';
import { eq } from './conditions.js';
import { type MakeReader, pick } from './subject.js';

const SPECIMENS = `INSERT INTO records.specimens (id, label, seen_at, seen_exact, seen_zoned, day, seen_ats, days, ratio) VALUES
  (101, 'infinite', 'infinity', '-infinity', 'infinity', '-infinity', '{infinity,-infinity}', '{infinity}',
    -2.4183968229349473e104),
  (102, 'Ides', '0044-03-15 12:00:00.5 BC', '0044-03-15 12:00:00.000001 BC', '0044-03-15 12:00:00+00 BC',
    '0044-03-15 BC', '{"0044-03-15 12:00:00.000001+00 BC"}', '{"0044-03-15 BC"}', 5e-324),
  (103, 'far', '12026-01-31', '294276-12-31 23:59:59.999999', '12026-01-31 00:00:00.5+00', '12026-01-31', '{}',
    '{12026-01-31}', 1.7976931348623157e308),
  (104, 'first', '0001-01-01', '0001-01-01 00:00:00.000001', '0001-01-01 00:00:00+00', '0001-01-01', '{}', '{}', 4294967297)`;

const EXPECTED: readonly Row[] = [
  {
    id: 101,
    seenAt: 'Infinity',
    seenExact: '-Infinity',
    seenZoned: 'Infinity',
    day: '-Infinity',
    seenAts: ['Infinity', '-Infinity'],
    days: ['Infinity'],
    ratio: -2.418_396_822_934_947_3e104,
  },
  {
    id: 102,
    seenAt: '-000043-03-15T12:00:00.500Z',
    seenExact: '-000043-03-15T12:00:00.000001Z',
    seenZoned: '-000043-03-15T12:00:00.000Z',
    day: '-000043-03-15',
    seenAts: ['-000043-03-15T12:00:00.000001Z'],
    days: ['-000043-03-15'],
    ratio: 5e-324,
  },
  {
    id: 103,
    seenAt: '+012026-01-31T00:00:00.000Z',
    seenExact: '+294276-12-31T23:59:59.999999Z',
    seenZoned: '+012026-01-31T00:00:00.500Z',
    day: '+012026-01-31',
    seenAts: [],
    days: ['+012026-01-31'],
    ratio: Number.MAX_VALUE,
  },
  {
    id: 104,
    seenAt: '0001-01-01T00:00:00.000Z',
    seenExact: '0001-01-01T00:00:00.000001Z',
    seenZoned: '0001-01-01T00:00:00.000Z',
    day: '0001-01-01',
    seenAts: [],
    days: [],
    ratio: 4_294_967_297,
  },
];

/** Times that no JavaScript Date holds, or that it writes as PostgreSQL doesn't read them, and floats of many digits. */
export function describeFarValues(makeReader: MakeReader): void {
  describe('a value far from others', () => {
    let reader: RowReader;
    let close = async (): Promise<void> => {};

    beforeAll(async () => {
      const database = await createDomainDatabase();
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(SPECIMENS);
      await client.end();
      const made = await makeReader(database.url, await domainGraph(), () => {});
      reader = made.reader;
      close = async () => {
        await made.close();
        await database.drop();
      };
    });
    afterAll(() => close());

    it.each(EXPECTED)('is exact: $seenExact', async (expected) => {
      const columns = Object.keys(expected);
      const rows = await reader.findRows(
        rowsQuery({ model: 'Specimen', columns, where: eq('id', expected.id!) }),
      );
      expect(pick(rows, columns)).toEqual([expected]);
    });

    it.each(EXPECTED)('is compared with: $seenExact', async ({ id, ...values }) => {
      for (const [column, value] of Object.entries(values)) {
        const rows = await reader.findRows(
          rowsQuery({
            model: 'Specimen',
            columns: ['id'],
            where: {
              kind: 'all',
              of: [eq(column, value), { kind: 'compare', column: 'id', op: 'gt', value: 100 }],
            },
          }),
        );
        expect({ column, found: rows.map((row) => row.id) }).toEqual({
          column,
          found: EXPECTED.filter((row) => JSON.stringify(row[column]) === JSON.stringify(value)).map(
            (row) => row.id,
          ),
        });
        expect(rows.map((row) => row.id)).toContain(id);
      }
    });

    it('is paged through', async () => {
      for (const column of ['seenExact', 'seenZoned', 'day', 'ratio']) {
        const find = async (after: readonly RowValue[] | null): Promise<readonly Row[]> =>
          reader.findRows(
            rowsQuery({
              ...{ model: 'Specimen', columns: ['id', column], order: [asc(column), asc('id')], after },
              where: { kind: 'null', column, negated: true },
            }),
          );
        const whole = await find(null);
        for (const [index, row] of whole.entries()) {
          await expect(find([row[column]!, row.id!])).resolves.toEqual(whole.slice(index + 1));
        }
      }
    });
  });
}
