import pg from 'pg';
import { type IndexFacts, readIndexFacts } from '../../src/model/index-facts.js';
import { findMissingInDatabase } from '../../src/model/missing-in-database.js';
import type { ModelGraph } from '../../src/model/model-graph.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { createTestDatabase, type TestDatabase } from '../services/database.js';

let graph: ModelGraph;
let database: TestDatabase;
let client: pg.Client;

async function connect(url: string): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: url });
  await connected.connect();
  return connected;
}

beforeAll(async () => {
  graph = await domainGraph();
});

beforeEach(async () => {
  database = await createDomainDatabase();
  client = await connect(database.url);
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

describe('index facts', () => {
  function indexOf(facts: IndexFacts, model: string, name: string) {
    return facts.tables.get(model)?.indexes.find((index) => index.name === name);
  }

  it('take two statements for the whole graph', async () => {
    const statements: string[] = [];
    await readIndexFacts(
      {
        query: (text, values) => {
          statements.push(text);
          return client.query(text, values);
        },
      },
      graph,
    );
    expect(statements).toHaveLength(2);
  });

  it('name every table and view of the graph, and its implicit join tables', async () => {
    const facts = await readIndexFacts(client, graph);
    expect([...facts.tables.keys()]).toEqual([...graph.models.keys()]);
    expect([...facts.joinTables.keys()].sort()).toEqual(['AnimalToFood', 'Friendship']);
    expect(facts.joinTables.get('Friendship')?.indexes.map(({ name }) => name)).toEqual([
      '_Friendship_AB_pkey',
      '_Friendship_B_index',
    ]);
  });

  it("tell an index's columns by Prisma's names, in order, with direction, nulls and what it includes", async () => {
    const facts = await readIndexFacts(client, graph);
    expect(indexOf(facts, 'Feeding', 'feedings_food_name_grams_idx')).toEqual({
      name: 'feedings_food_name_grams_idx',
      method: 'btree',
      isUnique: false,
      isPrimary: false,
      columns: [
        { kind: 'column', column: 'foodName', direction: 'asc', nulls: 'last' },
        { kind: 'column', column: 'grams', direction: 'desc', nulls: 'last' },
        { kind: 'column', column: 'animalId', direction: 'asc', nulls: 'last' },
      ],
      include: ['since'],
      predicate: null,
    });
    expect(indexOf(facts, 'Shift', 'shifts_badge_starts_at_idx')?.columns[1]).toEqual({
      kind: 'column',
      column: 'startsAt',
      direction: 'desc',
      nulls: 'first',
    });
  });

  it('tell primary, unique, partial, expression and other kinds of index apart', async () => {
    const facts = await readIndexFacts(client, graph);
    expect(indexOf(facts, 'Enclosure', 'enclosures_pkey')).toMatchObject({ isPrimary: true, isUnique: true });
    expect(indexOf(facts, 'Keeper', 'keepers_badge_key')).toMatchObject({ isPrimary: false, isUnique: true });
    expect(indexOf(facts, 'Event', 'events_one_birth_idx')).toMatchObject({
      isUnique: true,
      predicate: `(kind = 'BIRTH'::records.event_kind)`,
    });
    expect(indexOf(facts, 'Keeper', 'keepers_lower_name_idx')?.columns).toEqual([
      { kind: 'expression', expression: 'lower(name)', direction: 'asc', nulls: 'last' },
      { kind: 'column', column: 'id', direction: 'asc', nulls: 'last' },
    ]);
    expect(indexOf(facts, 'Event', 'events_at_idx')).toMatchObject({ method: 'brin' });
    // The tsvector column is not in the graph, so it keeps the database's name.
    expect(indexOf(facts, 'Animal', 'animals_search_idx')).toMatchObject({
      method: 'gin',
      columns: [{ kind: 'column', column: 'search' }],
    });
  });

  it('leave out an index that is not valid', async () => {
    await client.query("INSERT INTO zoo.foods (name, kcal) VALUES ('a', 1), ('b', 1)");
    await expect(
      client.query('CREATE UNIQUE INDEX CONCURRENTLY half_built ON zoo.foods (kcal)'),
    ).rejects.toThrow('could not create unique index');
    expect(indexOf(await readIndexFacts(client, graph), 'Food', 'half_built')).toBeUndefined();
  });

  it('estimate the rows of analysed tables, and of nothing else', async () => {
    const facts = await readIndexFacts(client, graph);
    expect(facts.tables.get('Animal')?.rowEstimate).toBe(15);
    expect(facts.tables.get('TaxonCensus')?.rowEstimate).toBeNull();
    await client.query(
      'CREATE TABLE zoo.fresh (LIKE zoo.taxa); DROP TABLE zoo."_AnimalToFood", zoo.feedings',
    );
    await client.query('DROP TABLE zoo.foods; ALTER TABLE zoo.fresh RENAME TO foods');
    expect((await readIndexFacts(client, graph)).tables.get('Food')?.rowEstimate).toBeNull();
  });

  it('name the columns that the database computes, whether or not the schema tells', async () => {
    await client.query('ALTER TABLE records.specimens ALTER id ADD GENERATED ALWAYS AS IDENTITY');
    const facts = await readIndexFacts(client, graph);
    expect(facts.tables.get('Enclosure')?.generatedColumns).toEqual(['areaM2']);
    expect(facts.tables.get('Animal')?.generatedColumns).toEqual(['search']);
    expect(facts.tables.get('Specimen')?.generatedColumns).toEqual(['id']);
    expect(facts.tables.get('Keeper')?.generatedColumns).toEqual([]);
  });

  it('find tables without a schema by the search_path, and none of the same name elsewhere', async () => {
    const animal = graph.models.get('Animal')!;
    const mood = graph.enums.get('Mood')!;
    const bare: ModelGraph = {
      hash: '',
      models: new Map([['Animal', { ...animal, dbSchema: null }]]),
      enums: new Map([['Mood', { ...mood, dbSchema: null }]]),
    };
    expect((await readIndexFacts(client, bare)).tables.size).toBe(0);
    await client.query('SET search_path TO zoo');
    const facts = await readIndexFacts(client, bare);
    expect(facts.tables.get('Animal')?.rowEstimate).toBe(15);
    expect(facts.enums.get('Mood')).toEqual(['calm', 'playful', 'in a huff']);
  });
});

describe('what the database lacks of the graph', () => {
  it('is nothing where the schema is up to date', async () => {
    expect(findMissingInDatabase(graph, await readIndexFacts(client, graph))).toEqual([]);
  });

  it('is told part by part: tables, views, columns, join tables, enums and their values', async () => {
    await client.query('DROP VIEW records.taxon_census');
    await client.query('ALTER TABLE zoo.keepers RENAME email TO mail');
    await client.query('DROP TABLE zoo."_Friendship", records.passports');
    await client.query(`ALTER TYPE zoo.mood_type RENAME VALUE 'in a huff' TO 'angry'`);
    await client.query('ALTER TYPE records.event_kind RENAME TO happening');
    expect(findMissingInDatabase(graph, await readIndexFacts(client, graph))).toEqual([
      `value 'in a huff' of enum "zoo"."mood_type"`,
      `enum "records"."event_kind"`,
      `column "email" of table "zoo"."keepers"`,
      `table "records"."passports"`,
      `view "records"."taxon_census"`,
      `table "zoo"."_Friendship"`,
    ]);
  });

  it('is everything in an empty database', async () => {
    const empty = await createTestDatabase();
    const emptyClient = await connect(empty.url);
    try {
      const missing = findMissingInDatabase(graph, await readIndexFacts(emptyClient, graph));
      expect(missing).toHaveLength(graph.enums.size + graph.models.size + 2);
    } finally {
      await emptyClient.end();
      await empty.drop();
    }
  });
});
