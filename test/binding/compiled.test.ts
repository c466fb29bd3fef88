import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLScalarType,
  GraphQLString,
  parse,
} from 'graphql';
import { BAIL } from '../../src/binding/compiled/bail.js';
import { CodeSize } from '../../src/binding/compiled/code-size.js';
import { compileLeaf } from '../../src/binding/compiled/compile-leaf.js';
import { compileObject } from '../../src/binding/compiled/compile-object.js';
import { decodeCursor, encodeCursor } from '../../src/binding/pagination/cursor.js';
import { ANONYMOUS } from '../../src/identity/viewer.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import type { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import { domainGraph } from '../domain/domain-graph.js';
import { gid } from './engine-suite.js';
import { createZooApi, type ZooApi } from './zoo-api.js';
import { bindZooApi } from './zoo-schema.js';

describe('compiled leaves', () => {
  const mood = new GraphQLEnumType({ name: 'Mood', values: { CALM: {}, SAD: {} } });
  const picky = new GraphQLScalarType({
    name: 'Picky',
    serialize: (value) => {
      if (value === 'bad') throw new Error('refused');
      return value === 'nothing' ? null : `<${String(value)}>`;
    },
  });

  it('show what their types show', () => {
    expect(compileLeaf(GraphQLString)('text')).toBe('text');
    expect(compileLeaf(GraphQLString)(7)).toBe('7');
    expect(compileLeaf(GraphQLID)(7)).toBe('7');
    expect(compileLeaf(GraphQLBoolean)(1)).toBe(true);
    expect(compileLeaf(GraphQLInt)(7)).toBe(7);
    expect(compileLeaf(GraphQLFloat)('1.5')).toBe(1.5);
    expect(compileLeaf(mood)('SAD')).toBe('SAD');
    expect(compileLeaf(picky)('x')).toBe('<x>');
    expect(compileLeaf(new GraphQLList(GraphQLInt))([1, null])).toEqual([1, null]);
    expect(compileLeaf(new GraphQLList(GraphQLInt))(null)).toBeNull();
    expect(compileLeaf(GraphQLInt)(null)).toBeNull();
  });

  it.each([
    ['a null where none may be', () => compileLeaf(new GraphQLNonNull(GraphQLInt))(null)],
    ['a single value where a list is', () => compileLeaf(new GraphQLList(GraphQLInt))(7)],
    ['a name that the enum lacks', () => compileLeaf(mood)('GLAD')],
    ['no name at all', () => compileLeaf(mood)(7)],
    ['NaN', () => compileLeaf(GraphQLFloat)(Number.NaN)],
    ['what a scalar refuses', () => compileLeaf(picky)('bad')],
    ['what a scalar makes null of', () => compileLeaf(picky)('nothing')],
  ])('leave %s to graphql-js', (_what, show) => {
    expect(show).toThrow(BAIL);
  });

  it('refuse to generate code from anything but a response key', () => {
    expect(() => compileObject([{ key: 'a"]: 1, ["b', code: () => 1 }], new CodeSize())).toThrow(TypeError);
  });
});

describe('cursors', () => {
  it('keep numbers that JSON has no word for', () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1.5, null, true];
    expect(decodeCursor(encodeCursor('order', values), 'order', values.length, 'after')).toEqual(values);
  });

  it('that are no JSON are refused', () => {
    expect(() => decodeCursor(Buffer.from('[').toString('base64url'), 'order', 1, 'after')).toThrow(
      'after is not a cursor',
    );
  });
});

describe('compiled operations', () => {
  let zoo: ZooApi;
  let plain: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi('compiled');
    plain = await createZooApi('pg');
  });

  afterAll(async () => {
    await zoo.close();
    await plain.close();
  });

  it.each<[string, string]>([
    [
      'several roots and their type',
      '{ t: __typename animalCount a: animalList(first: 2) { n: name } b: food(name: "apple") { name } c: food(name: "none") { name } }',
    ],
    ['one root alone', '{ __typename }'],
    [
      'types of everything',
      `{ animals(first: 2) { __typename totalCount pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor }
      edges { __typename cursor node { __typename taxonId vet { __typename } enclosure { title } } } } }`,
    ],
    [
      'an empty page',
      '{ animals(filter: { name: { eq: "nobody" } }) { nodes { name } pageInfo { startCursor endCursor hasNextPage } } }',
    ],
    ['the last page', '{ animals(last: 2) { nodes { name } pageInfo { hasNextPage hasPreviousPage } } }'],
    [
      'members of an interface',
      `{ animal(id: "${gid('Animal', '1')}") { events { __typename at ... on Birth { grams } ... on Illness { diagnosis } } } }`,
    ],
    [
      'a union over several tables',
      '{ notes { subject { __typename ... on Animal { name } ... on Keeper { name } ... on Enclosure { title } } } }',
    ],
    [
      'aggregates',
      `{ animalsAggregate { __typename count sum { __typename weightKg } } empty: animalsAggregate { __typename }
      animal(id: "${gid('Animal', '6')}") { feedingCount feedingsAggregate { __typename count max { __typename grams } } none: feedingsAggregate { __typename } } }`,
    ],
    [
      'a list of a view',
      `{ census { taxonName mood } load(id: "${gid('EnclosureLoad', '["North",2]')}") { residents } }`,
    ],
    ['a key named as no property should be', '{ __proto__: food(name: "apple") { constructor: name } }'],
  ])('answer %s as graphql-js does', async (_what, query) => {
    const before = zoo.answers.compiled;
    expect(await zoo.ask(query)).toEqual(await plain.ask(query));
    expect(zoo.answers.compiled).toBe(before + 1);
  });

  it.each<[string, string]>([
    ['a resolver', `{ animal(id: "${gid('Animal', '1')}") { label } }`],
    ['a value that its scalar refuses', '{ specimen(id: 6) { ratio } }'],
    ['faulty arguments', '{ animals(first: 0) { nodes { name } } }'],
    ['a faulty variable', 'query ($n: Int!) { animalList(first: $n) { name } }'],
    ['introspection', '{ __schema { queryType { name } } }'],
    ['node', `{ node(id: "${gid('Keeper', '1')}") { id } }`],
    ['a mutation that fails', 'mutation { renameAnimal(input: null) { animal { name } } }'],
  ])('leave %s to graphql-js', async (_what, query) => {
    const before = zoo.answers.compiled;
    expect(await zoo.ask(query)).toEqual(await plain.ask(query));
    expect(zoo.answers.compiled).toBe(before);
  });

  it('keep no more than some variants of one operation, and answer all of them', async () => {
    const conditions = Array.from({ length: 5 }, (_, index) => `c${index}`);
    const query = `query (${conditions.map((name) => `$${name}: Boolean!`).join(' ')}) { food(name: "apple") { ${conditions
      .map((name, index) => `f${index}: name @include(if: $${name})`)
      .join(' ')} kcal } }`;
    for (let bits = 0; bits < 32; bits += 1) {
      const variables = Object.fromEntries(
        conditions.map((name, index) => [name, (bits & (1 << index)) !== 0]),
      );
      expect(await zoo.ask(query, variables)).toEqual(await plain.ask(query, variables));
    }
  });

  it('does not ask again what an outage has just failed to answer, and hides no defect', async () => {
    const { compiler } = await bindZooApi();
    const graph = await domainGraph();
    const run = async (error: Error) => {
      const layouts = zoo.reader as PgRowReader;
      const reads = new RequestReads(zoo.reader, graph, {
        getLayout: (shape) => layouts.getLayout(shape),
        readPlan: () => Promise.reject(error),
      });
      return {
        reads,
        data: await compiler.run(
          parse('{ food(name: "apple") { name } }'),
          null,
          {},
          { reads, viewer: ANONYMOUS },
        ),
      };
    };
    const outage = new SluiceError('TIMEOUT', 'too slow');
    const { reads, data } = await run(outage);
    expect(data).toBeNull();
    await expect(
      reads.readTuples({
        shape: { model: 'Food', columns: ['name'], children: [] },
        inputs: [],
        total: null,
      }),
    ).rejects.toBe(outage);
    await expect(run(new TypeError('a defect'))).rejects.toThrow('a defect');
  });

  it('leave operations of very many fields to graphql-js', async () => {
    const fields = Array.from({ length: 5_001 }, (_, index) => `f${index}: name`).join(' ');
    const before = zoo.answers.compiled;
    const query = `{ food(name: "apple") { ${fields} } }`;
    expect(await zoo.ask(query)).toEqual(await plain.ask(query));
    expect(zoo.answers.compiled - before).toBeLessThanOrEqual(1);
  });
});
