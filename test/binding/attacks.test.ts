import { type DocumentNode, execute, parse, validate } from 'graphql';
import type pg from 'pg';
import { type BoundApi, bindApi } from '../../src/binding/bind-schema.js';
import type { RequestContext } from '../../src/binding/request-context.js';
import { NO_COUNTERS } from '../../src/counters/counters.js';
import { createAbsentSignIn } from '../../src/identity/sign-in.js';
import { ANONYMOUS } from '../../src/identity/viewer.js';
import type { Condition } from '../../src/reads/condition.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { POOL_SETTINGS } from '../reads/pg-zoo.js';
import { rowsQuery } from '../reads/queries.js';
import type { TestDatabase } from '../services/database.js';
import { gid } from './engine-suite.js';
import { LIMITS, ZOO_RESOLVERS, ZOO_SDL } from './zoo-schema.js';

type Variables = Readonly<Record<string, unknown>>;

/** What a server must take from a client that means it ill. */
describe('A client', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let api: BoundApi;
  let reader: PgRowReader;
  const statements: string[] = [];
  let createContext: () => RequestContext;
  let backend: number;

  beforeAll(async () => {
    database = await createDomainDatabase();
    const graph = await domainGraph();
    api = bindApi({ sdl: [ZOO_SDL], graph, resolvers: ZOO_RESOLVERS, limits: LIMITS });
    // One connection, so that what is prepared on it can be counted.
    pool = createPool({ ...POOL_SETTINGS, poolSize: 1, url: database.url });
    reader = new PgRowReader({ pool, graph, prepared: true, onStatement: (text) => statements.push(text) });
    backend = (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const log = createLogger({ level: 'silent', format: 'json' });
    createContext = () => ({
      ...{
        viewer: ANONYMOUS,
        session: createAbsentSignIn('this is a test'),
        prisma: null,
        log,
        requestId: 'test',
        tag: () => undefined,
        cacheHint: () => undefined,
        vary: () => '',
        cdnUrl: null,
        counters: NO_COUNTERS,
      },
      reads: new RequestReads(reader, graph, reader),
    });
  });

  beforeEach(() => {
    statements.length = 0;
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  function parseValid(text: string): DocumentNode {
    const document = parse(text);
    expect(validate(api.schema, document)).toEqual([]);
    return document;
  }

  const compile = (document: DocumentNode, variables: Variables = {}, operationName: string | null = null) =>
    api.compiler.run(document, operationName, variables, createContext());

  const interpret = async (document: DocumentNode, variables: Variables = {}) =>
    execute({ schema: api.schema, document, variableValues: variables, contextValue: createContext() });

  async function countPrepared(): Promise<{ count: number; characters: number }> {
    const { rows } = await pool.query(
      `SELECT count(*)::int AS count, coalesce(sum(length(statement)), 0)::int AS characters
       FROM pg_prepared_statements WHERE name LIKE 'sluice_%'`,
    );
    return rows[0];
  }

  describe('that varies one operation', () => {
    it('gets at most sixteen variants of it compiled, and right answers to all', async () => {
      const names = Array.from({ length: 6 }, (_, index) => `v${index}`);
      const document = parseValid(
        `query (${names.map((name) => `$${name}: Boolean!`).join()}) { animal(id: "${gid('Animal', '1')}") {
          name ${names.map((name) => `${name}: mood @include(if: $${name})`).join(' ')} } }`,
      );
      const before = api.compiler.size;
      let compiled = 0;
      for (let bits = 0; bits < 64; bits += 1) {
        const variables = Object.fromEntries(names.map((name, index) => [name, (bits & (1 << index)) !== 0]));
        const data = await compile(document, variables);
        if (data !== null) compiled += 1;
        const answer: any = data === null ? (await interpret(document, variables)).data : data;
        expect(Object.keys(answer.animal)).toEqual(['name', ...names.filter((name) => variables[name])]);
      }
      expect(compiled).toBe(16);
      expect(api.compiler.size - before).toBe(16);
    });

    it('gets one statement for all values, whether literals or variables', async () => {
      const before = await countPrepared();
      const texts = new Set<string>();
      for (let row = 1; row <= 300; row += 1) {
        const filter = `{ rawId: { gt: "${row % 7}" }, name: { ne: "x${row}" } }`;
        await compile(
          parseValid(
            `{ a${row}: animals(first: ${(row % 20) + 1}, filter: ${filter}) { nodes { n${row}: name } } }`,
          ),
        );
        texts.add(statements.splice(0).join());
      }
      expect(texts.size).toBe(1);
      expect((await countPrepared()).count).toBeLessThanOrEqual(before.count + 1);
    });

    it('gets no variant kept for an order that is refused, or that is longer than orders are', async () => {
      const document = parseValid('query ($o: [AnimalOrder!]) { animals(orderBy: $o) { nodes { name } } }');
      const before = api.compiler.size;
      for (let count = 2; count <= 40; count += 1) {
        const terms = Array.from({ length: count }, () => ({ field: 'NAME', direction: 'ASC' }));
        expect(await compile(document, { o: terms })).toBeNull();
        const { errors } = await interpret(document, { o: terms });
        expect(errors?.[0]?.message).toBe('orderBy.1.field orders by NAME a second time');
      }
      expect(api.compiler.size).toBe(before);
      expect(await compile(document, { o: [{ field: 'NAME' }] })).not.toBeNull();
    });

    it('asks for operations that a document lacks without anything being kept of their names', async () => {
      const document = parseValid('query Known { animalCount }');
      for (const name of ['', 'Unknown', 'Other']) expect(await compile(document, {}, name)).toBeNull();
      expect(await compile(document, {}, 'Known')).toEqual({ animalCount: 15 });
    });
  });

  describe('that first asks something faulty', () => {
    it('does not keep the operation from being compiled for others', async () => {
      const document = parseValid(
        'query ($n: Int) { animalList(first: 1) { foods(first: $n) { totalCount } } }',
      );
      expect(await compile(document, { n: 0 })).toBeNull();
      expect(await compile(document, { n: 1 })).toEqual({ animalList: [{ foods: { totalCount: 1 } }] });
    });

    it('does not keep other variants from it either', async () => {
      const document = parseValid(
        'query ($all: Boolean!) { animalList(first: 1) { name label @include(if: $all) } }',
      );
      expect(await compile(document, { all: true })).toBeNull();
      expect(await compile(document, { all: false })).toEqual({ animalList: [{ name: 'Leo' }] });
      expect(await compile(document, { all: true })).toBeNull();
    });
  });

  describe('that sends ever new operations', () => {
    it('gets no more compiled than a hundred thousand fields', async () => {
      const aliases = Array.from({ length: 4_000 }, (_, index) => `a${index}: name`).join(' ');
      for (let index = 0; index < 30; index += 1) {
        const document = parse(`{ keeper${index}: keeper(badge: "K-001") { ${aliases} } }`);
        expect(await compile(document)).not.toBeNull();
      }
      expect(api.compiler.size).toBeLessThanOrEqual(25);
    });

    it('gets operations of more than five thousand fields answered by graphql-js', async () => {
      const aliases = Array.from({ length: 5_001 }, (_, index) => `a${index}: name`).join(' ');
      expect(await compile(parse(`{ keeper(badge: "K-001") { ${aliases} } }`))).toBeNull();
    });

    it('leaves no more than 200 statements and 250,000 characters prepared on a connection', async () => {
      const columns = ['name', 'mood', 'moods', 'weightKg', 'bornAt', 'isOnShow', 'vetId', 'taxonId'];
      for (let bits = 1; bits < 256; bits += 1) {
        const chosen = columns.filter((_, index) => (bits & (1 << index)) !== 0);
        await compile(parse(`{ animalList(first: 1) { ${chosen.join(' ')} } }`));
      }
      expect(new Set(statements).size).toBeGreaterThan(200);
      expect((await countPrepared()).count).toBeLessThanOrEqual(200);
      for (let count = 20; count < 60; count += 1) {
        const carers = Array.from(
          { length: count },
          (_, index) => `a${index}: carer { name shifts { nodes { day } } }`,
        );
        await compile(parse(`{ animalList(first: 1) { ${carers.join(' ')} } }`));
      }
      expect(new Set(statements).size).toBeGreaterThan(290);
      expect((await countPrepared()).characters).toBeLessThanOrEqual(250_000);
    });

    it('leaves no statement prepared that is longer than 25,000 characters', async () => {
      const or = Array.from({ length: 320 }, (_, index) => ({
        taxon: { is: { name: { eq: `x${index}` } } },
      }));
      const document = parseValid('query ($f: AnimalFilter) { animalList(filter: $f) { name } }');
      expect(await compile(document, { f: { or } })).toEqual({ animalList: [] });
      expect(statements[0]!.length).toBeGreaterThan(25_000);
      const { rows } = await pool.query(`SELECT FROM pg_prepared_statements WHERE length(statement) > 25000`);
      expect(rows).toEqual([]);
    });
  });

  describe('that unfolds fragments', () => {
    const unfold = (depth: number, end: string) =>
      [
        `{ taxon(name: "Lion") { ...F0 } }`,
        ...Array.from(
          { length: depth },
          (_, index) =>
            `fragment F${index} on Taxon { a: parent { ...F${index + 1} } b: parent { ...F${index + 1} } c: parent { ...F${index + 1} } }`,
        ),
        `fragment F${depth} on Taxon { ${end} }`,
      ].join('\n');

    it('into more fields than there are atoms is answered for the rows that there are', async () => {
      const document = parseValid(unfold(60, 'name'));
      expect(await compile(document)).toBeNull();
      const { data } = await interpret(document);
      expect(JSON.stringify(data).length).toBeLessThan(1_000);
      expect(Math.max(...statements.map((text) => text.length))).toBeLessThan(100_000);
    });

    it('that spread each other in circles is refused by validation; nothing recurses without end', async () => {
      const document = parse(unfold(3, '...F0'));
      expect(validate(api.schema, document).map(({ message }) => message)[0]).toContain(
        'Cannot spread fragment "F0" within itself',
      );
      expect(await compile(document)).toBeNull();
    });
  });

  describe('that uses names of what every object inherits', () => {
    it('as response keys finds plain properties', async () => {
      const document = parseValid(
        `{ __proto__: animals(first: 1) { constructor: nodes { __proto__: name toString: id hasOwnProperty: carer { __proto__: name } } }
           valueOf: __typename }`,
      );
      const data: any = await compile(document);
      expect(JSON.stringify(data)).toBe(JSON.stringify((await interpret(document)).data));
      expect(Object.keys(data)).toEqual(['__proto__', 'valueOf']);
      expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
      const [row] = Object.getOwnPropertyDescriptor(data, '__proto__')!.value.constructor;
      expect(Object.keys(row)).toEqual(['__proto__', 'toString', 'hasOwnProperty']);
      expect(({} as any).constructor).toBe(Object);
      expect(({} as any).name).toBeUndefined();
    });

    it('as variables gets them treated as given, or as absent', async () => {
      const text = (name: string) =>
        `query ($${name}: [AnimalOrder!]) { animalList(orderBy: $${name}, first: 1) { name } }`;
      for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
        const document = parseValid(text(name));
        expect(await compile(document, {})).toEqual({ animalList: [{ name: 'Leo' }] });
        const byName = { [name]: [{ field: 'NAME', direction: 'DESC' }] };
        expect(await compile(document, byName)).toEqual((await interpret(document, byName)).data);
      }
      const document = parseValid(text('__proto__'));
      const given = JSON.parse('{ "__proto__": [{ "field": "NAME", "direction": "DESC" }] }');
      expect(JSON.stringify(await compile(document, given))).toBe(
        JSON.stringify((await interpret(document, given)).data),
      );
      expect(({} as any).field).toBeUndefined();
    });
  });

  describe('that sends inputs', () => {
    it('which hold themselves, finds them refused beyond twelve levels', async () => {
      const document = parseValid('query ($f: AnimalFilter) { animalList(filter: $f, first: 1) { name } }');
      const nest = (levels: number): object => {
        let filter: object = { name: { eq: 'Leo' } };
        for (let level = 0; level < levels; level += 1)
          filter = level % 2 === 0 ? { and: [filter] } : { not: { not: filter } };
        return filter;
      };
      expect(await compile(document, { f: nest(8) })).toEqual({ animalList: [{ name: 'Leo' }] });
      expect(await compile(document, { f: nest(10) })).toBeNull();
      const { errors } = await interpret(document, { f: nest(10) });
      expect(errors?.[0]?.message).toContain('is nested more than 12 levels deep');
    });

    it('with variables inside object literals, gets each request its own values', async () => {
      const document = parseValid(
        `query ($name: String!, $not: AnimalFilter!, $on: [String!]) {
          animalList(filter: { and: [{ name: { eq: $name, notIn: $on } }, { not: { and: [$not] } }] }) { name } }`,
      );
      const ask = (variables: Variables) => compile(document, variables);
      expect(await ask({ name: 'Leo', on: ['x'], not: { name: { eq: 'Odd' } } })).toEqual({
        animalList: [{ name: 'Leo' }],
      });
      expect(await ask({ name: 'Odd', on: ['x'], not: { name: { eq: 'Odd' } } })).toEqual({ animalList: [] });
      expect(await ask({ name: 'Even', on: ['Even'], not: { name: { eq: 'Odd' } } })).toEqual({
        animalList: [],
      });
      expect(await ask({ name: 'Even', not: { name: { eq: 'Odd' } } })).toEqual({
        animalList: [{ name: 'Even' }],
      });
    });

    it('as lists of ten thousand values, finds one statement for all lengths, and more refused', async () => {
      const document = parseValid(
        'query ($in: [String!]) { animalList(filter: { name: { in: $in } }) { name } }',
      );
      const names = Array.from({ length: 10_001 }, (_, index) => `name ${index}`);
      for (const count of [0, 1, 10_000]) {
        expect(await compile(document, { in: ['Leo', ...names].slice(0, count) })).toEqual({
          animalList: count === 0 ? [] : [{ name: 'Leo' }],
        });
      }
      expect(new Set(statements).size).toBe(1);
      const { errors } = await interpret(document, { in: names });
      expect(errors?.[0]?.message).toBe('filter.name.in lists 10001 values; at most 10000 are taken');
    });

    it('with more than a thousand conditions, is told so', async () => {
      const document = parseValid('query ($f: AnimalFilter) { animalList(filter: $f) { name } }');
      const names = Array.from({ length: 70_000 }, () => ({ name: { eq: '' } }));
      for (const f of [{ or: names }, { and: Array.from({ length: 1_000 }, () => ({})) }]) {
        expect(await compile(document, { f })).toBeNull();
        const { errors } = await interpret(document, { f });
        expect(errors?.[0]?.message).toBe('filter has more than 1000 conditions');
      }
      expect(await compile(document, { f: { or: names.slice(0, 499) } })).toEqual({
        animalList: [{ name: '' }],
      });
    });

    it('with more values than a statement takes, is told so, and the connection lives on', async () => {
      const of = Array.from(
        { length: 65_536 },
        (): Condition => ({ kind: 'compare', column: 'name', op: 'eq', value: '' }),
      );
      const tooMany = reader.findRows(rowsQuery({ model: 'Animal', where: { kind: 'any', of } }));
      await expect(tooMany).rejects.toMatchObject({ code: 'LIST_TOO_LARGE' });
      const { rows } = await pool.query('SELECT pg_backend_pid() AS pid');
      expect(rows[0].pid).toBe(backend);
    });
  });
});
