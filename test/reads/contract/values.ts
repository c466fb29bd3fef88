import type { Row } from '../../../src/reads/row.js';
import { asc, rowsQuery } from '../queries.js';
import { findColumn, type MakeReader, ODD, openSubject, pick, type Subject } from './subject.js';

const NOTHING: Row = {
  code: null,
  nick: null,
  token: null,
  flag: null,
  small: null,
  whole: null,
  big: null,
  ratio: null,
  single: null,
  price: null,
  wide: null,
  loose: null,
  seenAt: null,
  seenExact: null,
  seenZoned: null,
  day: null,
  clock: null,
  clockZoned: null,
  payload: null,
  rawPayload: null,
  blob: null,
  mood: null,
  texts: [],
  tokens: [],
  flags: [],
  wholes: [],
  bigs: [],
  ratios: [],
  prices: [],
  seenAts: [],
  days: [],
  payloads: [],
  blobs: [],
  moods: [],
};

const SPECIMENS: readonly Row[] = [
  {
    id: 1,
    label: 'ordinary',
    code: 'AB12',
    nick: 'Nick',
    token: '0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab',
    flag: true,
    small: 7,
    whole: 42,
    big: '42',
    ratio: 1.5,
    single: 0.1,
    price: '10.00',
    wide: '10.000000000000000000000000000000',
    loose: '10.50',
    seenAt: '2026-01-31T12:00:00.123Z',
    seenExact: '2026-01-31T12:00:00.123456Z',
    seenZoned: '2026-01-31T12:00:00.123456Z',
    day: '2026-01-31',
    clock: '12:00:00',
    clockZoned: '12:00:00Z',
    payload: { a: [1, 2, { b: null }], c: 'text' },
    rawPayload: { z: 1, a: 2 },
    blob: 'AP8Q',
    mood: 'CALM',
    texts: ['a', 'b'],
    tokens: ['0b0e1c9e-5a0f-4c1e-9d3b-0123456789ab'],
    flags: [true, false],
    wholes: [1, 2, 2],
    bigs: ['9007199254740993'],
    ratios: [1.5, -0.25],
    prices: ['10.00', '0.10'],
    seenAts: ['2026-01-31T12:00:00.000001Z'],
    days: ['2026-01-31', '2024-02-29'],
    payloads: [{ k: 1 }, []],
    blobs: ['AQ==', ''],
    moods: ['CALM', 'IN_A_HUFF'],
  },
  { ...NOTHING, id: 2, label: 'nothing' },
  { ...NOTHING, id: 3, label: 'null lists' },
  {
    id: 4,
    label: 'highest',
    code: '    ',
    nick: '',
    token: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    flag: false,
    small: 32_767,
    whole: 2_147_483_647,
    big: '9223372036854775807',
    ratio: Number.POSITIVE_INFINITY,
    single: Number.POSITIVE_INFINITY,
    price: '99999999.99',
    wide: '99999999999999999999999999999999999.999999999999999999999999999999',
    loose: 'Infinity',
    seenAt: '9999-12-31T23:59:59.999Z',
    seenExact: '9999-12-31T23:59:59.999999Z',
    seenZoned: '9999-12-31T23:59:59.999999Z',
    day: '9999-12-31',
    clock: '23:59:59.999999',
    clockZoned: '11:59:59.999999Z',
    payload: null,
    rawPayload: null,
    blob: '',
    mood: 'IN_A_HUFF',
    texts: ['', 'NULL_', 'a,b', 'c"d', 'e\\f', '{}'],
    tokens: [],
    flags: [],
    wholes: [2_147_483_647, -2_147_483_648],
    bigs: ['9223372036854775807', '-9223372036854775808'],
    ratios: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
    prices: ['NaN', '99999999.99'],
    seenAts: ['9999-12-31T23:59:59.999999Z'],
    days: ['9999-12-31'],
    payloads: [null, 'text', 1.5],
    blobs: [],
    moods: [],
  },
  {
    id: 5,
    label: 'lowest',
    code: 'a   ',
    nick: 'NICK',
    token: '00000000-0000-0000-0000-000000000000',
    flag: false,
    small: -32_768,
    whole: -2_147_483_648,
    big: '-9223372036854775808',
    ratio: Number.NEGATIVE_INFINITY,
    single: Number.NEGATIVE_INFINITY,
    price: '-99999999.99',
    wide: '-0.000000000000000000000000000001',
    loose: '-Infinity',
    seenAt: '1000-01-01T00:00:00.000Z',
    seenExact: '1969-12-31T23:59:59.999999Z',
    seenZoned: '1969-12-31T23:59:59.999999Z',
    day: '1969-12-31',
    clock: '00:00:00',
    clockZoned: '12:00:00.000001Z',
    payload: [],
    rawPayload: [],
    blob: '3q2+7w==',
    mood: 'PLAYFUL',
    texts: ['x'],
    tokens: [],
    flags: [false],
    wholes: [0],
    bigs: ['0'],
    ratios: [-0],
    prices: ['0.00'],
    seenAts: [],
    days: [],
    payloads: [],
    blobs: [],
    moods: ['PLAYFUL'],
  },
  {
    ...NOTHING,
    id: 6,
    label: 'not a number',
    nick: 'ÑANDÚ',
    small: 0,
    whole: 0,
    big: '0',
    ratio: Number.NaN,
    single: Number.NaN,
    price: 'NaN',
    wide: 'NaN',
    loose: 'NaN',
    payload: 0,
    rawPayload: 0,
  },
  {
    ...NOTHING,
    id: 7,
    label: 'digits',
    big: '9007199254740993',
    ratio: -0,
    single: 16_777_216,
    price: '0.00',
    wide: '1.100000000000000000000000000000',
    loose: '123456789012345678901234567890.123456789',
    seenAt: '2026-03-29T01:30:00.001Z',
    seenExact: '2026-03-29T01:30:00.100Z',
    seenZoned: '2026-03-29T01:30:00.100Z',
    clock: '01:30:00.1',
    payload: JSON.parse('{"n": 9007199254740993, "f": 1.1}'),
    rawPayload: { n: 2 },
    ratios: [0.1, 0.300_000_000_000_000_04, 5e-324],
  },
  {
    ...NOTHING,
    id: 8,
    label: `50% of_all \\ "quotes" 'x' ünïcödé 🦓`,
    nick: '🦓',
    ratio: 0.300_000_000_000_000_04,
    single: 1e-10,
    loose: '0.00000000000000000001',
    seenAt: '2026-10-25T01:30:00.010Z',
    payload: '50%',
    rawPayload: 'é',
    texts: ['🦓', '%', '_', '\\'],
  },
];

const SHIFTS: readonly Row[] = [
  {
    id: '00000000-0000-4000-8000-000000000001',
    badge: 'K-001',
    day: '2026-01-31',
    startsAt: '2026-01-31T06:00:00.000001Z',
    opens: '06:00:00',
    closes: '14:00:00Z',
    savedAt: '2026-01-31T06:00:00.123Z',
  },
  {
    id: '00000000-0000-4000-8000-000000000002',
    badge: 'K-001',
    day: '2026-01-31',
    startsAt: '2026-01-31T06:00:00.000002Z',
    opens: '06:00:00.5',
    closes: '14:00:00.123456Z',
    savedAt: '2026-01-31T06:00:00.123Z',
  },
  {
    id: '00000000-0000-4000-8000-000000000003',
    badge: 'K-001',
    day: '2026-02-28',
    startsAt: '2026-02-28T23:30:00.000Z',
    opens: '23:59:59.999999',
    closes: '23:30:00Z',
    savedAt: '2026-02-28T23:30:00.000Z',
  },
  {
    id: '00000000-0000-4000-8000-000000000004',
    badge: 'K-002',
    day: '2024-02-29',
    startsAt: '2024-02-28T11:00:00.000Z',
    opens: '00:00:00',
    closes: '08:00:00Z',
    savedAt: '2024-02-28T11:00:00.001Z',
  },
  {
    id: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
    badge: 'K_003',
    day: '1969-12-31',
    startsAt: '1969-12-31T23:59:59.999999Z',
    opens: '12:00:00',
    closes: '06:30:00Z',
    savedAt: '1969-12-31T23:59:59.999Z',
  },
];

export function describeValues(subject: Subject): void {
  describe('a value', () => {
    it.each(SPECIMENS.map((row) => [row.label, row] as const))(
      'of each type is exact, alone and in lists: %s',
      async (_, expected) => {
        const columns = Object.keys(expected);
        const rows = await subject.reader.findRows(
          rowsQuery({
            model: 'Specimen',
            columns,
            where: { kind: 'compare', column: 'id', op: 'eq', value: expected.id! },
          }),
        );
        expect(pick(rows, columns)).toEqual([expected]);
      },
    );

    it('of each type is exact when it is all that is asked for', async () => {
      for (const column of Object.keys(NOTHING)) {
        const values = await findColumn(subject, column, { model: 'Specimen', order: [asc('id')] });
        expect(values).toEqual(SPECIMENS.map((row) => row[column]));
      }
    });

    it('of every kind of time is told in UTC', async () => {
      const columns = Object.keys(SHIFTS[0]!);
      const rows = await subject.reader.findRows(rowsQuery({ model: 'Shift', columns, order: [asc('id')] }));
      expect(pick(rows, columns)).toEqual(SHIFTS);
    });

    it('that the database computes is read like any other', async () => {
      const areas = await findColumn(subject, 'areaM2', {
        model: 'Enclosure',
        order: [asc('zone'), asc('number')],
      });
      expect(areas).toEqual([1020, 200, 0, 100, 25]);
    });

    it('of a mapped enum has its Prisma name, also in lists and in another schema', async () => {
      const order = [asc('id')];
      await expect(findColumn(subject, 'mood', { model: 'Animal', order, limit: 4 })).resolves.toEqual([
        'CALM',
        'IN_A_HUFF',
        'PLAYFUL',
        null,
      ]);
      await expect(findColumn(subject, 'moods', { model: 'Animal', order, limit: 5 })).resolves.toEqual([
        ['CALM', 'PLAYFUL'],
        [],
        ['IN_A_HUFF'],
        ['CALM', 'CALM'],
        [],
      ]);
      await expect(findColumn(subject, 'kind', { model: 'Event', order })).resolves.toEqual([
        'BIRTH',
        'BIRTH',
        'ILLNESS',
        'ILLNESS',
        'TRANSFER',
        'TRANSFER',
        'ILLNESS',
      ]);
    });

    it('of a view is read with a key and without', async () => {
      const loads = await subject.reader.findRows(
        rowsQuery({
          model: 'EnclosureLoad',
          columns: ['zone', 'number', 'residents', 'heaviest'],
          order: [asc('zone'), asc('number')],
        }),
      );
      expect(pick(loads, ['zone', 'number', 'residents', 'heaviest'])).toEqual([
        { zone: 'North', number: 1, residents: '3', heaviest: '210.10' },
        { zone: 'North', number: 2, residents: '3', heaviest: '450.00' },
        { zone: 'North', number: 3, residents: '0', heaviest: null },
        { zone: 'South', number: 1, residents: '3', heaviest: '5.50' },
        { zone: 'South', number: 2, residents: '1', heaviest: '210.10' },
      ]);
      const census = await subject.reader.findRows(
        rowsQuery({ model: 'TaxonCensus', columns: ['taxonName', 'mood', 'animals'] }),
      );
      expect(census).toHaveLength(9);
      expect(census).toContainEqual({ taxonName: 'Unknown', mood: 'CALM', animals: '3' });
      expect(census).toContainEqual({ taxonName: 'Gentoo', mood: null, animals: '1' });
    });

    it('is not needed: a query for no columns still tells how many rows there are', async () => {
      const where = { kind: 'compare', column: 'id', op: 'lte', value: ODD } as const;
      await expect(subject.reader.findRows(rowsQuery({ model: 'Animal', where }))).resolves.toHaveLength(14);
      await expect(subject.reader.findRows(rowsQuery({ model: 'TaxonCensus' }))).resolves.toHaveLength(9);
    });
  });
}

/** Sessions of a database speak its time zone unless they say otherwise. */
export function describeTimeZones(makeReader: MakeReader): void {
  describe.each(['America/New_York', 'Asia/Kolkata'])('a database whose sessions speak %s', (timeZone) => {
    const subject = openSubject(makeReader, { timeZone });

    it('gives the same times', async () => {
      const columns = Object.keys(SHIFTS[0]!);
      const rows = await subject.reader.findRows(rowsQuery({ model: 'Shift', columns, order: [asc('id')] }));
      expect(pick(rows, columns)).toEqual(SHIFTS);
      const lists = await findColumn(subject, 'seenAts', { model: 'Specimen', order: [asc('id')], limit: 1 });
      expect(lists).toEqual([['2026-01-31T12:00:00.000001Z']]);
    });

    it('compares with the same times', async () => {
      const find = (column: string, value: string): Promise<unknown[]> =>
        findColumn(subject, 'id', {
          model: 'Specimen',
          where: { kind: 'compare', column, op: 'eq', value },
        });
      await expect(find('seenAt', '2026-01-31T12:00:00.123Z')).resolves.toEqual([1]);
      await expect(find('seenZoned', '2026-03-29T01:30:00.100Z')).resolves.toEqual([7]);
      await expect(find('seenZoned', '2026-01-31T12:00:00.123456Z')).resolves.toEqual([1]);
      await expect(find('seenExact', '1969-12-31T23:59:59.999999Z')).resolves.toEqual([5]);
      await expect(find('day', '1969-12-31')).resolves.toEqual([5]);
      await expect(find('clock', '12:00:00')).resolves.toEqual([1]);
    });

    it('pages through the same times', async () => {
      const shifts = await findColumn(subject, 'id', {
        model: 'Shift',
        order: [asc('startsAt'), asc('id')],
        after: ['2026-01-31T06:00:00.000001Z', '00000000-0000-4000-8000-000000000001'],
      });
      expect(shifts).toEqual([
        '00000000-0000-4000-8000-000000000002',
        '00000000-0000-4000-8000-000000000003',
      ]);
    });
  });
}
