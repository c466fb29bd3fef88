import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { parseModelGraph } from '../../src/model/load-model-graph.js';
import type { Column, Model, ModelGraph } from '../../src/model/model-graph.js';
import { domainGraph } from '../domain/domain-graph.js';

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, '../..');
const PRISMA = path.join(ROOT, 'node_modules/prisma/build/index.js');
const GENERATOR = path.join(ROOT, 'src/model/generator/sluice-generator.mjs');

// Prisma's command line needs a second to itself, and more on a busy machine.
jest.setTimeout(60_000);

const HEADER = `
generator sluice {
  provider = "node ${GENERATOR}"
  output   = "generated"
}
`;
const POSTGRES = `${HEADER}
datasource db {
  provider = "postgresql"
}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-generator-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Runs `prisma generate` over these files and gives the JSON's text. */
async function generate(files: Readonly<Record<string, string>>, output = 'generated/model-graph.json') {
  const schemas = path.join(folder, 'schema');
  await mkdir(schemas, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(schemas, name), text);
  await run(
    'env',
    [
      `PRISMA_SCHEMA_ENGINE_BINARY=${GENERATOR}`,
      process.execPath,
      PRISMA,
      'generate',
      '--schema',
      schemas,
      '--generator',
      'sluice',
    ],
    { cwd: folder },
  );
  return readFile(path.join(schemas, output), 'utf8');
}

async function generateGraph(files: Readonly<Record<string, string>>): Promise<ModelGraph> {
  return parseModelGraph(JSON.parse(await generate(files)));
}

async function faultOf(files: Readonly<Record<string, string>>): Promise<string> {
  try {
    await generate(files);
  } catch (error) {
    return String((error as { stderr?: string }).stderr);
  }
  throw new Error('it was generated');
}

function linkOf(graph: ModelGraph, model: string, relation: string) {
  return graph.models.get(model)!.relations.get(relation)!.link;
}

describe("the model graph of the engine's test domain", () => {
  let graph: ModelGraph;
  let columnOf: (model: string, column: string) => Column;
  let modelOf: (model: string) => Model;

  beforeAll(async () => {
    graph = await domainGraph();
    modelOf = (model) => graph.models.get(model)!;
    columnOf = (model, column) => modelOf(model).columns.get(column)!;
  });

  it("has every model in the schema's order, under its database name and schema", () => {
    const places = [...graph.models.values()].map(({ name, dbSchema, dbName }) => [name, dbSchema, dbName]);
    expect(places).toEqual([
      ['Taxon', 'zoo', 'taxa'],
      ['Enclosure', 'zoo', 'enclosures'],
      ['Keeper', 'zoo', 'keepers'],
      ['Shift', 'zoo', 'shifts'],
      ['Animal', 'zoo', 'animals'],
      ['Food', 'zoo', 'foods'],
      ['Feeding', 'zoo', 'feedings'],
      ['Passport', 'records', 'passports'],
      ['Event', 'records', 'events'],
      ['Note', 'records', 'notes'],
      ['Specimen', 'records', 'specimens'],
      ['EnclosureLoad', 'zoo', 'enclosure_loads'],
      ['TaxonCensus', 'records', 'taxon_census'],
    ]);
  });

  it('tells views from tables, and gives a view the key that its comment declares', () => {
    expect(modelOf('EnclosureLoad')).toMatchObject({
      kind: 'view',
      primaryKey: ['zone', 'number'],
      uniques: [['zone', 'number']],
      description: 'A view whose rows have an identity, and that has relations.',
    });
    expect(modelOf('TaxonCensus')).toMatchObject({ kind: 'view', primaryKey: null, uniques: [] });
    expect([...modelOf('TaxonCensus').columns.values()].every((column) => column.isReadOnly)).toBe(true);
    expect(modelOf('Animal').kind).toBe('table');
  });

  it('lists every unique key, the primary key first', () => {
    expect(modelOf('Animal').uniques).toEqual([['id'], ['taxonId', 'name']]);
    expect(modelOf('Keeper').uniques).toEqual([['id'], ['badge'], ['email']]);
    expect(modelOf('Feeding').uniques).toEqual([['animalId', 'foodName']]);
    expect(modelOf('Passport').uniques).toEqual([['number'], ['animalId']]);
  });

  it('has enums with their mapped names, values and schema', () => {
    expect(graph.enums.get('Mood')).toEqual({
      name: 'Mood',
      dbName: 'mood_type',
      dbSchema: 'zoo',
      values: [
        { name: 'CALM', dbName: 'calm' },
        { name: 'PLAYFUL', dbName: 'playful' },
        { name: 'IN_A_HUFF', dbName: 'in a huff' },
      ],
      description: 'How an animal feels.',
    });
    expect(graph.enums.get('TaxonRank')).toMatchObject({ dbName: 'TaxonRank', dbSchema: 'zoo' });
    expect(graph.enums.get('EventKind')).toMatchObject({ dbName: 'event_kind', dbSchema: 'records' });
    expect(columnOf('Event', 'kind')).toMatchObject({
      type: 'Enum',
      enumName: 'EventKind',
      pgType: '"records"."event_kind"',
    });
    expect(columnOf('Taxon', 'rank').pgType).toBe('"zoo"."TaxonRank"');
    expect(columnOf('Animal', 'moods')).toMatchObject({ pgType: '"zoo"."mood_type"', isList: true });
  });

  it('names the PostgreSQL type of every column, by default and by attribute, without length or precision', () => {
    const types = [...modelOf('Specimen').columns.values()].map(
      ({ name, type, pgType, isList }) => `${name}: ${type}${isList ? '[]' : ''} ${pgType}`,
    );
    expect(types).toEqual([
      'id: Int int4',
      'label: String text',
      'code: String bpchar',
      'nick: String citext',
      'token: String uuid',
      'flag: Boolean bool',
      'small: Int int2',
      'whole: Int int4',
      'big: BigInt int8',
      'ratio: Float float8',
      'single: Float float4',
      'price: Decimal numeric',
      'wide: Decimal numeric',
      'loose: Decimal numeric',
      'seenAt: DateTime timestamp',
      'seenExact: DateTime timestamp',
      'seenZoned: DateTime timestamptz',
      'day: DateTime date',
      'clock: DateTime time',
      'clockZoned: DateTime timetz',
      'payload: Json jsonb',
      'rawPayload: Json json',
      'blob: Bytes bytea',
      'mood: Enum "zoo"."mood_type"',
      'texts: String[] text',
      'tokens: String[] uuid',
      'flags: Boolean[] bool',
      'wholes: Int[] int4',
      'bigs: BigInt[] int8',
      'ratios: Float[] float8',
      'prices: Decimal[] numeric',
      'seenAts: DateTime[] timestamptz',
      'days: DateTime[] date',
      'payloads: Json[] jsonb',
      'blobs: Bytes[] bytea',
      'moods: Enum[] "zoo"."mood_type"',
    ]);
  });

  it('keeps what may be null, has a default, or is computed, and leaves Unsupported columns out', () => {
    expect(columnOf('Animal', 'bornAt')).toMatchObject({ dbName: 'born_at', isNullable: true });
    expect(columnOf('Animal', 'name')).toMatchObject({
      isNullable: false,
      hasDefault: false,
      isReadOnly: false,
    });
    expect(columnOf('Animal', 'id')).toMatchObject({ hasDefault: true, isReadOnly: false });
    // An expression may be a mere default, so a uuid made by the database can still be written.
    expect(columnOf('Note', 'id')).toMatchObject({ hasDefault: true, isReadOnly: false });
    expect(columnOf('Enclosure', 'areaM2')).toMatchObject({
      isReadOnly: true,
      description: 'Length times width.',
    });
    expect(modelOf('Animal').columns.has('search')).toBe(false);
    expect(modelOf('Animal').columns.has('carer')).toBe(false);
  });

  it('links by composite keys, and by a unique column that is no key, from both sides', () => {
    const local = ['enclosureZone', 'enclosureNumber'];
    const foreign = ['zone', 'number'];
    expect(linkOf(graph, 'Animal', 'enclosure')).toEqual({ kind: 'columns', local, foreign, keyOn: 'local' });
    expect(linkOf(graph, 'Enclosure', 'animals')).toEqual({
      kind: 'columns',
      local: foreign,
      foreign: local,
      keyOn: 'foreign',
    });
    const badge = { kind: 'columns', local: ['badge'], foreign: ['badge'] };
    expect(linkOf(graph, 'Shift', 'keeper')).toEqual({ ...badge, keyOn: 'local' });
    expect(linkOf(graph, 'Keeper', 'shifts')).toEqual({ ...badge, keyOn: 'foreign' });
  });

  it('keeps several relations between two models, and the two sides of a self relation, apart', () => {
    expect(linkOf(graph, 'Animal', 'carer')).toMatchObject({ local: ['carerId'] });
    expect(linkOf(graph, 'Animal', 'vet')).toMatchObject({ local: ['vetId'] });
    expect(linkOf(graph, 'Keeper', 'caresFor')).toMatchObject({ foreign: ['carerId'] });
    expect(linkOf(graph, 'Keeper', 'treats')).toMatchObject({ foreign: ['vetId'] });
    expect(linkOf(graph, 'Taxon', 'parent')).toMatchObject({ local: ['parentId'], foreign: ['id'] });
    expect(linkOf(graph, 'Taxon', 'children')).toMatchObject({ local: ['id'], foreign: ['parentId'] });
  });

  it('says of a to-one relation whether the other row may be missing', () => {
    const missable = [...graph.models.values()].flatMap((model) =>
      [...model.relations.values()]
        .filter((relation) => relation.cardinality === 'one' && relation.isNullable)
        .map((relation) => `${model.name}.${relation.name}`),
    );
    expect(missable).toEqual([
      'Taxon.parent',
      'Animal.enclosure',
      'Animal.vet',
      'Animal.passport',
      'Note.animal',
      'Note.keeper',
      'Note.enclosure',
      // No foreign key holds a view to its promise.
      'EnclosureLoad.enclosure',
    ]);
  });

  it('finds the implicit join tables and which of their columns is whose', () => {
    const foods = { kind: 'join', table: '_AnimalToFood', tableSchema: 'zoo' };
    expect(linkOf(graph, 'Animal', 'foods')).toEqual({
      ...foods,
      localJoinColumn: 'A',
      foreignJoinColumn: 'B',
      local: ['id'],
      foreign: ['name'],
    });
    expect(linkOf(graph, 'Food', 'animals')).toEqual({
      ...foods,
      localJoinColumn: 'B',
      foreignJoinColumn: 'A',
      local: ['name'],
      foreign: ['id'],
    });
    expect(linkOf(graph, 'Animal', 'friendOf')).toMatchObject({ table: '_Friendship', localJoinColumn: 'A' });
    expect(linkOf(graph, 'Animal', 'friends')).toMatchObject({ table: '_Friendship', localJoinColumn: 'B' });
  });

  it('is the same text whenever and wherever it is generated', async () => {
    const schema = await readFile(path.join(ROOT, 'test/domain/schema.prisma'), 'utf8');
    const moved = schema.replace('node ./src/model/generator/sluice-generator.mjs', `node ${GENERATOR}`);
    const written = await readFile(path.join(ROOT, 'test/domain/generated/model-graph.json'), 'utf8');
    expect(await generate({ 'schema.prisma': moved })).toBe(written);
  });
});

describe('the generator', () => {
  it('reads a schema of many files, past braces and blocks in comments and texts', async () => {
    const text = await generate(
      {
        'main.prisma': POSTGRES.replace('"postgresql"', '"postgresql"\n  schemas = ["a", "b"]').replace(
          '"generated"',
          '"deep/er/graph.json"',
        ),
        'models.prisma': `
          /* view Ship { @@schema("b") } */
          model Ship {
            code  String @id @default("enum Flag { @@schema(\\"a\\")") // }
            flag  Flag   @default(SKULL)
            as    Ship[] @relation("Self")
            Zs    Ship[] @relation("Self")
            boats boat[]
            docks Dock[]
            @@schema("a")
          }
          model boat {
            id    Int    @id
            ships Ship[]
            @@schema("b")
          }
          model Dock {
            id    Int    @id
            ships Ship[]
            @@schema("b")
          }
          // view Ship {`,
        'enums.prisma': `
          enum Flag { // } @@schema("a")
            SKULL @map("}{ // \\"")
            @@schema("b")
          }`,
      },
      'deep/er/graph.json',
    );
    // A file where the output is one, and nothing left beside it.
    expect(await readdir(path.join(folder, 'schema/deep/er'))).toEqual(['graph.json']);

    const graph = parseModelGraph(JSON.parse(text));
    expect(graph.models.get('Ship')).toMatchObject({ kind: 'table', dbSchema: 'a' });
    expect(graph.models.get('Ship')!.columns.get('flag')!.pgType).toBe('"b"."Flag"');
    expect(graph.enums.get('Flag')).toMatchObject({
      dbSchema: 'b',
      values: [{ name: 'SKULL', dbName: '}{ // "' }],
    });
    // Sides of a join table go by the bytes of their names, and the table lives where side A does.
    const first = { localJoinColumn: 'A', foreignJoinColumn: 'B' };
    const second = { localJoinColumn: 'B', foreignJoinColumn: 'A' };
    expect(linkOf(graph, 'Ship', 'Zs')).toMatchObject({ ...first, table: '_Self' });
    expect(linkOf(graph, 'Ship', 'as')).toMatchObject({ ...second, table: '_Self' });
    expect(linkOf(graph, 'Ship', 'boats')).toMatchObject({
      ...first,
      table: '_ShipToboat',
      tableSchema: 'a',
    });
    expect(linkOf(graph, 'Ship', 'docks')).toMatchObject({
      ...second,
      table: '_DockToShip',
      tableSchema: 'b',
    });
    expect(linkOf(graph, 'Dock', 'ships')).toMatchObject({ ...first, local: ['id'], foreign: ['code'] });
  });

  it('leaves out ignored fields, what hangs on them, and keys that do not hold for every row', async () => {
    const graph = await generateGraph({
      'main.prisma': POSTGRES,
      'models.prisma': `
        generator client {
          provider        = "prisma-client"
          output          = "generated/prisma"
          previewFeatures = ["partialIndexes"]
        }
        model Ship {
          name     String?              @unique
          berth    Int
          dock     Int
          place    Unsupported("point")
          sunkAt   DateTime?
          captain  String
          ownerId  Int                  @ignore
          owner    Owner                @relation(fields: [ownerId], references: [id])
          loadedAt DateTime             @updatedAt
          /// @sluice.generated
          label    String
          @@unique([captain], where: { sunkAt: null })
          @@unique([dock, place])
          @@unique([berth, dock])
        }
        model Owner {
          id    Int    @id
          ships Ship[]
        }
        model Secret {
          id Int @id
          @@ignore
        }`,
    });
    const ship = graph.models.get('Ship')!;
    expect([...graph.models.keys()]).toEqual(['Ship', 'Owner']);
    expect(ship).toMatchObject({ dbName: 'Ship', dbSchema: null });
    expect([...ship.columns.keys()]).toEqual([
      'name',
      'berth',
      'dock',
      'sunkAt',
      'captain',
      'loadedAt',
      'label',
    ]);
    expect([...ship.relations.keys(), ...graph.models.get('Owner')!.relations.keys()]).toEqual([]);
    // Without an @id the first unique key that can't be null identifies a row.
    expect(ship.primaryKey).toEqual(['berth', 'dock']);
    expect(ship.uniques).toEqual([['berth', 'dock'], ['name']]);
    expect(ship.columns.get('loadedAt')!.hasDefault).toBe(true);
    expect(ship.columns.get('label')).toMatchObject({ isReadOnly: true, description: null });
  });

  it('refuses a database that is not PostgreSQL', async () => {
    const text = `${POSTGRES.replace('postgresql', 'mysql')}
      model Ship {
        id Int @id
      }`;
    expect(await faultOf({ 'main.prisma': text })).toContain(
      'generator sluice works with PostgreSQL alone: datasource "db" has provider "mysql"',
    );
  });
});

describe('building the graph', () => {
  type Field = Readonly<Record<string, unknown>>;

  function field(name: string, more: Field = {}): Field {
    return {
      name,
      kind: 'scalar',
      type: 'Int',
      isRequired: true,
      isList: false,
      isUnique: false,
      isId: false,
      hasDefaultValue: false,
      ...more,
    };
  }

  /** The graph of a view Harbour, as Prisma hands it to generators. */
  async function build(
    documentation: string,
    fields: readonly Field[],
    sources: readonly unknown[] = [{ activeProvider: 'postgresql' }],
  ) {
    // By a variable: there are no types to find for plain JavaScript.
    const file = path.join(path.dirname(GENERATOR), 'build-model-graph.mjs');
    const { buildModelGraph } = await import(file);
    return buildModelGraph({
      models: [{ name: 'Harbour', fields, uniqueFields: [], primaryKey: null, documentation }],
      enums: [],
      datamodel: 'view Harbour {\n}',
      datasources: sources,
    });
  }

  const columns = [field('id'), field('name', { type: 'String', isRequired: false })];

  it.each([
    ['@sluice.key(id, nmae)', 'names "nmae", which is no column of the view'],
    ['@sluice.key(name)', 'names "name", which may be null: declare it without "?"'],
    ['@sluice.key()', 'must name columns, as in @sluice.key(a, b)'],
  ])('refuses a view whose key does not hold: %s', async (comment, problem) => {
    await expect(build(`Where ships lie.\n${comment}`, columns)).rejects.toThrow(
      `@sluice.key of view Harbour ${problem}`,
    );
  });

  it('refuses a type that it does not know, and a schema without a datasource', async () => {
    await expect(build('', [field('at', { nativeType: ['Circle', []] })])).rejects.toThrow(
      'generator sluice knows no PostgreSQL type for Harbour.at: Int @db.Circle',
    );
    await expect(build('', [field('at', { type: 'Shape' })])).rejects.toThrow('Harbour.at: Shape');
    await expect(build('', columns, [])).rejects.toThrow('the schema has none');
  });

  it('hashes what it holds: equal for equal schemas, another after any change', async () => {
    const before = await build('Where ships lie.', columns);
    expect((await build('Where ships lie.', columns)).hash).toBe(before.hash);
    expect((await build('Where ships lay.', columns)).hash).not.toBe(before.hash);
  });
});
