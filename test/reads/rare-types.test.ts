import type pg from 'pg';
import type {
  Column,
  ColumnType,
  EnumType,
  Model,
  ModelGraph,
  Relation,
} from '../../src/model/model-graph.js';
import type { Condition } from '../../src/reads/condition.js';
import { createPool, readSchemaName } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import type { RowValue } from '../../src/reads/row.js';
import type { AggregateFunction } from '../../src/reads/row-reader.js';
import { createTestDatabase, type TestDatabase } from '../services/database.js';
import { POOL_SETTINGS } from './pg-zoo.js';
import { asc, keyedQuery, relatedQuery, rowsQuery } from './queries.js';

// What Prisma knows and the zoo has none of, in models that name no schema.
const SQL = `
  CREATE SCHEMA shed;
  CREATE TYPE shed."Odd ""size""" AS ENUM ('s', 'l');
  CREATE TABLE shed.tools (
    id oid PRIMARY KEY,
    price money, prices money[], address inet, mask bit(4), masks varbit(8), size shed."Odd ""size""",
    sizes shed."Odd ""size"""[], is_sharp boolean, serial uuid, photo bytea, weight real
  );
  INSERT INTO shed.tools VALUES
    (1, 10.5, '{1.00,NULL}', '10.0.0.1', B'1010', B'101', 'l', '{s,NULL,l}', true,
      'ffffffff-ffff-4fff-bfff-ffffffffffff', '\\xff', 1.5),
    (4294967295, -0.01, '{}', '::1', B'0000', B'', 's', '{}', false,
      '00000000-0000-4000-8000-000000000000', '\\x00ff', 0.1),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  CREATE TABLE shed."_ToolToTool" ("A" oid, "B" oid);
  INSERT INTO shed."_ToolToTool" VALUES (1, 3), (1, 4294967295);
`;
const SIZE: EnumType = {
  name: 'Size',
  dbName: 'Odd "size"',
  dbSchema: null,
  description: null,
  values: [
    { name: 'SMALL', dbName: 's' },
    { name: 'LARGE', dbName: 'l' },
  ],
};

function column(
  name: string,
  type: ColumnType,
  pgType: string,
  more: Partial<Column> = {},
): [string, Column] {
  const plain = { enumName: null, isList: false, isNullable: true, isReadOnly: false, hasDefault: false };
  const dbName = name === 'isSharp' ? 'is_sharp' : name;
  return [name, { name, dbName, type, pgType, ...plain, description: null, ...more }];
}

const COLUMNS = new Map([
  column('id', 'Int', 'oid', { isNullable: false }),
  column('price', 'Decimal', 'money'),
  column('prices', 'Decimal', 'money', { isList: true, isNullable: false }),
  column('address', 'String', 'inet'),
  column('mask', 'String', 'bit(4)'),
  column('masks', 'String', 'varbit'),
  column('size', 'Enum', '"unused"', { enumName: 'Size' }),
  column('sizes', 'Enum', '"unused"', { enumName: 'Size', isList: true, isNullable: false }),
  column('isSharp', 'Boolean', 'bool'),
  column('serial', 'String', 'uuid'),
  column('photo', 'Bytes', 'bytea'),
  column('weight', 'Float', 'real'),
]);
const goesWith: Relation = {
  name: 'goesWith',
  target: 'Tool',
  relationName: 'ToolToTool',
  cardinality: 'many',
  isNullable: false,
  description: null,
  link: {
    ...{ kind: 'join', table: '_ToolToTool', tableSchema: null },
    ...{ localJoinColumn: 'A', foreignJoinColumn: 'B', local: ['id'], foreign: ['id'] },
  },
};
const TOOL: Model = {
  ...{ name: 'Tool', dbName: 'tools', dbSchema: null, kind: 'table', description: null, columns: COLUMNS },
  ...{ relations: new Map([['goesWith', goesWith]]), primaryKey: ['id'], uniques: [['id']] },
};
const BROKEN: Model = {
  ...TOOL,
  name: 'Broken',
  columns: new Map([column('size', 'Enum', 'x', { enumName: 'Gone' })]),
};
const GRAPH: ModelGraph = {
  hash: 'by hand',
  models: new Map([
    ['Tool', TOOL],
    ['Broken', BROKEN],
  ]),
  enums: new Map([['Size', SIZE]]),
};

let database: TestDatabase;
let pool: pg.Pool;
let reader: PgRowReader;

beforeAll(async () => {
  database = await createTestDatabase({ sql: [SQL] });
  const url = `${database.url}?schema=shed`;
  pool = createPool({ ...POOL_SETTINGS, url, applicationName: 'rare types' });
  reader = new PgRowReader({ pool, graph: GRAPH, prepared: true, defaultSchema: readSchemaName(url) });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function findIds(where: Condition): Promise<readonly RowValue[]> {
  const rows = await reader.findRows(
    rowsQuery({ model: 'Tool', columns: ['id'], where, order: [asc('id')] }),
  );
  return rows.map(({ id }) => id ?? null);
}

describe('a rare type', () => {
  it('is read like any other', async () => {
    const rows = await reader.findRows(
      rowsQuery({ model: 'Tool', columns: [...COLUMNS.keys()], order: [asc('id')] }),
    );
    expect(rows).toEqual([
      {
        ...{ id: 1, price: '10.50', prices: ['1.00', null], address: '10.0.0.1', mask: '1010', masks: '101' },
        ...{ size: 'LARGE', sizes: ['SMALL', null, 'LARGE'], isSharp: true },
        ...{ serial: 'ffffffff-ffff-4fff-bfff-ffffffffffff', photo: '/w==', weight: 1.5 },
      },
      {
        ...{ id: 3, price: null, prices: [], address: null, mask: null, masks: null, size: null, sizes: [] },
        ...{ isSharp: null, serial: null, photo: null, weight: null },
      },
      {
        ...{ id: 4_294_967_295, price: '-0.01', prices: [], address: '::1', mask: '0000', masks: '' },
        ...{ size: 'SMALL', sizes: [], isSharp: false },
        ...{ serial: '00000000-0000-4000-8000-000000000000', photo: 'AP8=', weight: 0.1 },
      },
    ]);
  });

  it.each([
    ['id', 4_294_967_295],
    ['price', '-0.01'],
    ['address', '0:0::1'],
    ['mask', '0000'],
    ['masks', ''],
    ['size', 'SMALL'],
    ['isSharp', false],
    ['serial', '00000000-0000-4000-8000-000000000000'],
    ['photo', 'AP8='],
    ['weight', 0.1],
  ])('is found by its value: %s', async (name, value) => {
    await expect(findIds({ kind: 'compare', column: name, op: 'eq', value })).resolves.toEqual([
      4_294_967_295,
    ]);
    await expect(findIds({ kind: 'in', column: name, values: [value], negated: false })).resolves.toEqual([
      4_294_967_295,
    ]);
  });

  it.each([
    ['prices', ['1.00', null]],
    ['sizes', ['SMALL', null, 'LARGE']],
  ])('is found by its list: %s', async (name, value) => {
    await expect(findIds({ kind: 'compare', column: name, op: 'eq', value })).resolves.toEqual([1]);
    await expect(findIds({ kind: 'in', column: name, values: [value], negated: false })).resolves.toEqual([
      1,
    ]);
  });

  it.each([
    ['mask', '012', 'BAD_USER_INPUT'],
    ['address', 'nowhere', 'BAD_USER_INPUT'],
    ['weight', 1e39, 'BAD_USER_INPUT'],
    ['id', 4_294_967_296, 'BAD_USER_INPUT'],
    ['id', -1, 'BAD_USER_INPUT'],
  ])('refuses what is not of it: %s', async (name, value, code) => {
    await expect(findIds({ kind: 'compare', column: name, op: 'eq', value })).rejects.toMatchObject({ code });
  });

  it('is a key, and joins', async () => {
    const keys = [[4_294_967_295], [2], [1], [1]];
    const rows = await reader.findRowsByKeys(keyedQuery({ model: 'Tool', keys }));
    expect(rows.map((row) => row?.id)).toEqual([4_294_967_295, undefined, 1, 1]);
    const query = {
      parentModel: 'Tool',
      relation: 'goesWith',
      model: 'Tool',
      columns: ['id'],
      order: [asc('id')],
    };
    await expect(reader.findRelatedRows(relatedQuery({ ...query, parents: [[1], [3]] }))).resolves.toEqual([
      [{ id: 3 }, { id: 4_294_967_295 }],
      [],
    ]);
  });
});

describe('an aggregate', () => {
  const aggregate = async (fn: AggregateFunction, name: string | null): Promise<RowValue> => {
    const where: Condition = { kind: 'null', column: 'price', negated: true };
    const [value = null] = await reader.aggregateRows({
      model: 'Tool',
      where,
      aggregates: [{ fn, column: name }],
    });
    return value;
  };

  it.each([
    ['min', 'isSharp', false],
    ['max', 'isSharp', true],
    ['min', 'serial', '00000000-0000-4000-8000-000000000000'],
    ['max', 'serial', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
    ['min', 'photo', 'AP8='],
    ['max', 'photo', '/w=='],
    ['max', 'size', 'LARGE'],
    ['min', 'price', '-0.01'],
    ['sum', 'price', '10.49'],
    ['avg', 'price', '5.245'],
    ['sum', 'id', '4294967296'],
    ['avg', 'id', 2_147_483_648],
    ['max', 'id', 4_294_967_295],
    ['count', null, 2],
  ] as const)('%s of %s is there though PostgreSQL has it not for every type', async (fn, name, value) => {
    await expect(aggregate(fn, name)).resolves.toEqual(value);
  });

  it.each([
    ['sum', 'address'],
    ['avg', 'prices'],
    ['max', null],
  ] as const)('%s of %s is a defect of the caller', async (fn, name) => {
    await expect(aggregate(fn, name)).rejects.toThrow(TypeError);
  });

  it('of nothing is nothing, without a statement', async () => {
    const related = {
      parentModel: 'Tool',
      relation: 'goesWith',
      model: 'Tool',
      where: { kind: 'all', of: [] },
    } as const;
    await expect(reader.aggregateRows({ ...related, aggregates: [] })).resolves.toEqual([]);
    await expect(
      reader.aggregateRelatedRows({ ...related, aggregates: [], parents: [[1], [2]] }),
    ).resolves.toEqual([[], []]);
  });
});

describe('a model graph', () => {
  it('that lacks an enum or a key column is told by name', async () => {
    await expect(reader.findRows(rowsQuery({ model: 'Broken', columns: ['size'] }))).rejects.toThrow(
      'enum Gone',
    );
    const reads = new RequestReads(reader, GRAPH);
    const spec = {
      model: 'Tool',
      columns: [],
      keyColumns: ['handle'],
      where: { kind: 'all', of: [] },
    } as const;
    await expect(reads.loadRow(spec, [1])).rejects.toThrow('Tool.handle');
  });
});

describe("a database's URL", () => {
  it.each([
    ['postgresql://h/d', 'public'],
    ['postgresql://a:1,b:2/d?sslmode=disable&schema=my%20own', 'my own'],
  ])('names the schema: %s', (url, schema) => {
    expect(readSchemaName(url)).toBe(schema);
  });

  it('gives the sessions their name', async () => {
    expect((await pool.query('SHOW application_name')).rows).toEqual([{ application_name: 'rare types' }]);
  });
});
