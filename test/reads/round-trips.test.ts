import fc from 'fast-check';
import pg from 'pg';
import type { Condition } from '../../src/reads/condition.js';
import { formatClock, formatIsoDate, pad } from '../../src/reads/iso-time.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { ModelSqlCatalog } from '../../src/reads/pg/model-sql.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import type { Row, RowValue } from '../../src/reads/row.js';
import { openPgZoo, type PgZoo, POOL_SETTINGS } from './pg-zoo.js';
import { asc, keyedQuery, rowsQuery } from './queries.js';

let zoo: PgZoo;

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterAll(() => zoo.close());

const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
const integer = (bits: bigint): fc.Arbitrary<bigint> =>
  fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n });
const base64 = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));
const mood = fc.constantFrom('CALM', 'PLAYFUL', 'IN_A_HUFF');
const infinite = fc.constantFrom('Infinity', '-Infinity');

/** Decimal text as PostgreSQL prints it for a column of this scale. */
function decimal(digits: number, scale: number): fc.Arbitrary<string> {
  const limit = 10n ** BigInt(digits);
  return fc.bigInt({ min: 1n - limit, max: limit - 1n }).map((value) => {
    const sign = value < 0n ? '-' : '';
    const figures = String(value < 0n ? -value : value).padStart(scale + 1, '0');
    const point = figures.length - scale;
    return scale === 0 ? sign + figures : `${sign}${figures.slice(0, point)}.${figures.slice(point)}`;
  });
}

const calendarDate = (lastYear: number) =>
  fc.record({
    year: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: -4711, max: lastYear })),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
  });
/** A time of day with a fraction in units of 10^-digits; PostgreSQL drops zeros at its end. */
const clockTime = (digits: number) =>
  fc
    .record({
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
      second: fc.integer({ min: 0, max: 59 }),
      units: fc.integer({ min: 0, max: 10 ** digits - 1 }),
    })
    .map(({ units, ...time }) => ({
      ...time,
      fraction: pad(units, digits).replace(/0+$/, ''),
      offsetSeconds: null,
    }));
const moment = (digits: number): fc.Arbitrary<string> =>
  fc
    .oneof({ weight: 9, arbitrary: fc.tuple(calendarDate(294_000), clockTime(digits)) }, infinite)
    .map((value) => {
      if (typeof value === 'string') return value;
      const [date, time] = value;
      return `${formatIsoDate(date)}T${formatClock({ ...time, fraction: time.fraction.padEnd(3, '0') })}Z`;
    });
const day = fc.oneof({ weight: 9, arbitrary: calendarDate(5_874_000).map(formatIsoDate) }, infinite);
const json = fc
  .jsonValue({ stringUnit: 'grapheme' })
  .filter((value) => !JSON.stringify(value).includes('\\u0000'));
const single = fc.float().map((value) => Number(new Float32Array([value])[0]));

/** Any value of each column of Specimen, as rows hold it. */
const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  label: text,
  code: fc.stringMatching(/^[a-z%_' ]{4}$/),
  nick: text,
  token: fc.uuid(),
  flag: fc.boolean(),
  small: integer(16n).map(Number),
  whole: integer(32n).map(Number),
  big: integer(64n).map(String),
  ratio: fc.double(),
  price: fc.oneof({ weight: 9, arbitrary: decimal(10, 2) }, fc.constant('NaN')),
  wide: decimal(65, 30),
  loose: fc.oneof(
    fc.integer({ min: 0, max: 40 }).chain((scale) => decimal(40, scale)),
    infinite,
  ),
  seenAt: moment(3),
  seenExact: moment(6),
  seenZoned: moment(6),
  day,
  clock: clockTime(6).map(formatClock),
  clockZoned: clockTime(6).map((time) => `${formatClock(time)}Z`),
  payload: json,
  rawPayload: json,
  blob: base64,
  mood,
};
const LISTS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  texts: text,
  tokens: fc.uuid(),
  flags: fc.boolean(),
  wholes: integer(32n).map(Number),
  bigs: integer(64n).map(String),
  ratios: fc.double(),
  prices: decimal(10, 2),
  seenAts: moment(6),
  days: day,
  payloads: json,
  blobs: base64,
  moods: mood,
};

const COLUMNS = [...Object.keys(SCALARS), ...Object.keys(LISTS)];
let nextId = 1_000;

/** Writes a row by the reader's own encoders, which nothing else could have written more exactly. */
async function insertSpecimen(row: Row): Promise<number> {
  const specimens = new ModelSqlCatalog(zoo.graph, 'public').get('Specimen');
  const id = nextId++;
  const columns = Object.keys(row).map((name) => specimens.getColumn(name));
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const values = columns.map(({ parameterType }, index) => `, $${index + 2}::${parameterType}`).join('');
  await zoo.pool.query(`INSERT INTO records.specimens (id${names}) VALUES ($1${values})`, [
    id,
    ...columns.map((column) => column.encode(row[column.column.name] ?? null)),
  ]);
  return id;
}

async function readSpecimen(id: number, columns: readonly string[]): Promise<Row> {
  const [row] = await zoo.reader.findRowsByKeys(keyedQuery({ model: 'Specimen', columns, keys: [[id]] }));
  const { id: _, ...rest } = row!;
  return rest;
}

describe('a value', () => {
  it('of any type is read as it was written, and found by a filter on itself', async () => {
    const lists = Object.entries(LISTS).map(([name, element]) => [name, fc.array(element, { maxLength: 4 })]);
    const arbitrary = fc.record({ ...SCALARS, ...Object.fromEntries(lists) }) as fc.Arbitrary<Row>;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (row) => {
        const id = await insertSpecimen(row);
        expect(await readSpecimen(id, COLUMNS)).toEqual(asRead(row));
        const of = COLUMNS.map(
          (column): Condition => ({ kind: 'compare', column, op: 'eq', value: row[column] ?? null }),
        );
        const query = rowsQuery({ model: 'Specimen', columns: ['id'], where: { kind: 'all', of } });
        expect(await zoo.reader.findRows(query)).toContainEqual({ id });
      }),
      { numRuns: 150 },
    );
  });

  it('of single precision is the shortest number that means it', async () => {
    await fc.assert(
      fc.asyncProperty(single, async (value) => {
        const id = await insertSpecimen({ label: '', single: value });
        const row = await readSpecimen(id, ['single']);
        expect(Math.fround(Number(row.single))).toBe(value);
      }),
      { numRuns: 50 },
    );
  });

  it('in a list may be missing, and lists may have more dimensions than one', async () => {
    const row = {
      label: '',
      texts: ['NULL', null, '', '{', '"\\'],
      moods: [null, 'IN_A_HUFF'],
      bigs: [
        ['1', null],
        ['2', '3'],
      ],
    };
    const id = await insertSpecimen(row);
    await expect(readSpecimen(id, Object.keys(row))).resolves.toEqual(row);
    await zoo.pool.query(`UPDATE records.specimens SET wholes = '[0:1]={7,8}' WHERE id = $1`, [id]);
    await expect(readSpecimen(id, ['wholes'])).resolves.toEqual({ wholes: [7, 8] });
  });

  it('that is an enum value which came after the model keeps its database name', async () => {
    await zoo.pool.query(`ALTER TYPE zoo.mood_type ADD VALUE 'sleepy'`);
    const id = await insertSpecimen({ label: '' });
    await zoo.pool.query(`UPDATE records.specimens SET mood = 'sleepy' WHERE id = $1`, [id]);
    await expect(readSpecimen(id, ['mood'])).resolves.toEqual({ mood: 'sleepy' });
  });

  /** JSON has no negative zero. */
  function asRead(row: Row): Row {
    const { payload, rawPayload, payloads, ...rest } = row;
    const asJson = (value: RowValue | undefined): RowValue => JSON.parse(JSON.stringify(value)) as RowValue;
    return { ...rest, payload: asJson(payload), rawPayload: asJson(rawPayload), payloads: asJson(payloads) };
  }
});

describe('a row', () => {
  const every = (): ReturnType<typeof rowsQuery> =>
    rowsQuery({
      model: 'Specimen',
      columns: ['id', ...COLUMNS],
      where: { kind: 'compare', column: 'id', op: 'lte', value: 8 },
      order: [asc('id')],
    });

  it.each([
    '-c timezone=America/St_Johns -c bytea_output=escape',
    '-c timezone=Asia/Kolkata',
    '-c timezone=Africa/Monrovia',
  ])('is the same from a session that was opened with %s', async (options) => {
    const pool = new pg.Pool({ connectionString: zoo.url, options, max: 1 });
    const reader = new PgRowReader({ pool, graph: zoo.graph, prepared: false });
    const shifts = rowsQuery({
      model: 'Shift',
      columns: ['day', 'startsAt', 'opens', 'closes', 'savedAt'],
      order: [asc('id')],
    });
    expect(await reader.findRows(every())).toEqual(await zoo.reader.findRows(every()));
    expect(await reader.findRows(shifts)).toEqual(await zoo.reader.findRows(shifts));
    await pool.end();
  });

  it('reads the same from a database that prints dates in another style, through the pool we make', async () => {
    const expected = await zoo.reader.findRows(every());
    const name = new URL(zoo.url).pathname.slice(1);
    await zoo.pool.query(`ALTER DATABASE ${name} SET datestyle TO 'SQL, DMY'`);
    await zoo.pool.query(`ALTER DATABASE ${name} SET timezone TO 'Asia/Tokyo'`);
    const pool = createPool({ ...POOL_SETTINGS, url: zoo.url });
    const reader = new PgRowReader({ pool, graph: zoo.graph, prepared: true });
    expect(await reader.findRows(every())).toEqual(expected);
    await pool.end();
    const plain = new pg.Pool({ connectionString: zoo.url });
    const lost = new PgRowReader({ pool: plain, graph: zoo.graph, prepared: true });
    await expect(lost.findRows(every())).rejects.toThrow('DateStyle must be ISO');
    await plain.end();
    await zoo.pool.query(`ALTER DATABASE ${name} RESET ALL`);
  });

  it('without columns is still a row', async () => {
    await expect(zoo.reader.findRows(rowsQuery({ model: 'Keeper' }))).resolves.toEqual([{}, {}, {}, {}, {}]);
  });
});
