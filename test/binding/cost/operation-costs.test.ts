import { parse, validate } from 'graphql';
import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import type { OperationCost } from '../../../src/binding/cost/operation-costs.js';
import { MAX_COST } from '../../../src/binding/cost/weights.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS, ZOO_RESOLVERS, ZOO_SDL } from '../zoo-schema.js';

const EXTENSION = `
extend type Query {
  dear(text: String @cost(weight: "2.5"), first: Int = 5): [Animal!]! @cost(weight: "4")
  sliced(first: Int, last: Int): [Animal!]!
    @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: true)
  assumed: [Animal!]! @listSize(assumedSize: 7)
  wrapped(count: Int): Wrapper @listSize(slicingArguments: ["count"], sizedFields: ["animals"])
  grid: [[Animal!]!]!
  byNames(names: [String!]): [Animal!]! @listSize(slicingArguments: ["names"])
  scalars: [Rich!]! @listSize(assumedSize: 2)
  odd: KeeperConnection
  pair: Pair
}
type Wrapper { animals: [Animal!]! other: [Animal!]! }
type Heavy @cost(weight: "50") { name: String }
type Light { heavy: Heavy lights: [Light!]! @listSize(assumedSize: 2) }
union Pair = Heavy | Light
enum Rich @cost(weight: "3") { GOLD }
`;
const written = Object.fromEntries(
  'dear sliced assumed wrapped grid byNames scalars odd pair'.split(' ').map((name) => [name, () => null]),
);

let api: BoundApi;
beforeAll(async () => {
  api = bindApi({
    sdl: [ZOO_SDL, { path: 'more.graphql', text: EXTENSION }],
    graph: await domainGraph(),
    resolvers: { ...ZOO_RESOLVERS, Query: { ...(ZOO_RESOLVERS.Query as typeof written), ...written } },
    limits: LIMITS,
  });
});

function measure(
  text: string,
  variables: Record<string, unknown> = {},
  name: string | null = null,
): OperationCost {
  const document = parse(text);
  expect(validate(api.schema, document)).toEqual([]);
  return api.costs.measure(document, name, variables)!;
}
const costOf = (text: string, variables?: Record<string, unknown>) => measure(text, variables).cost;

describe('what fields cost without directives', () => {
  // A page has 3 rows unless asked otherwise, and 20 at most.
  it.each<[string, string, number]>([
    ['nothing but a type name costs the least there is', '{ __typename }', 1],
    ['a row', '{ animal(id: "x") { name mood moods } }', 1],
    ['rows to one', '{ animal(id: "x") { taxon { name parent { name } } carer { name } } }', 4],
    ['a page without a size', '{ animals { nodes { name } } }', 3],
    [
      'a page by edges',
      '{ animals(first: 5) { edges { cursor node { name } } pageInfo { hasNextPage } } }',
      5,
    ],
    ['a page from behind', '{ animals(last: 4) { nodes { name } } }', 4],
    ['a page of which no row is shown', '{ animals(first: 9) { pageInfo { hasNextPage } } }', 9],
    [
      'a page whose rows are shown twice',
      '{ animals(first: 5) { nodes { name } edges { node { name } } } }',
      10,
    ],
    ['a page with its total', '{ animals(first: 5) { nodes { name } totalCount } }', 8],
    ['pages within pages', '{ animals(first: 5) { nodes { foods(first: 4) { nodes { name } } } } }', 25],
    ['a list that says how long', '{ animalList(first: 6) { name } }', 6],
    ['a list that does not, which may be as long as a page', '{ animalList { name } }', 20],
    ['a list below rows', '{ keepers(first: 2) { edges { node { caresFor { name } } } } }', 42],
    [
      'more rows than there may be, which is refused',
      '{ animals(first: 2147483647) { nodes { name } } }',
      20,
    ],
    ['less than one row, which is refused', '{ animals(first: -3) { nodes { name } } }', 1],
    ['a count', '{ animalCount }', 3],
    ['counts below rows', '{ foods(first: 4) { nodes { animalsCount } } }', 16],
    ['an aggregate, whatever is selected of it', '{ animalsAggregate { count avg { weightKg } } }', 5],
    ['a node', '{ node(id: "x") { id } }', 1],
    ['nodes, by their ids', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
    [
      'an interface, by its dearest type',
      '{ node(id: "x") { id ... on Animal { taxon { name } } ... on Keeper { caresFor { name } } } }',
      21,
    ],
    [
      'a mutation',
      'mutation { renameAnimal(input: { id: "x", name: "y" }) { animal { name } keeper { name } } }',
      12,
    ],
    ['a hand-written list, as a page', '{ odd { edges { node { name } } } }', 3],
    ['a list of lists', '{ grid { name } }', 9],
    ['aliases, each for itself', '{ a: animalCount b: animalCount c: animalCount }', 9],
    ['one field under one key, once', '{ animalCount animalCount ... { animalCount } }', 3],
    ['the schema', '{ __schema { types { name } } }', 50],
    ['a type of the schema', '{ __type(name: "Animal") { name } }', 10],
  ])('%s', (_what, text, cost) => {
    expect(costOf(text)).toBe(cost);
  });
});

describe('what directives say', () => {
  it.each<[string, string, number]>([
    ['weigh a field for each object that it returns, in place of its type', '{ dear(first: 2) { name } }', 8],
    ["use an argument's default", '{ dear { name } }', 20],
    ['add what an argument weighs, rounded up in the end', '{ dear(text: "a", first: 1) { name } }', 7],
    ['assume a size', '{ assumed { name } }', 7],
    [
      'size fields of the object returned, and no others',
      '{ wrapped(count: 6) { animals { name } other { name } } }',
      10,
    ],
    ['take the length of a list', '{ byNames(names: ["a", "b"]) { name } }', 2],
    [
      'weigh types, and of a union the dearest',
      '{ pair { ... on Heavy { name } ... on Light { lights { heavy { name } } } } }',
      103,
    ],
    ['weigh scalars of a list whose size is stated', '{ scalars }', 6],
  ])('%s', (_what, text, cost) => {
    expect(costOf(text)).toBe(cost);
  });

  it('refuse a query that gives none of the slicing arguments, or several', () => {
    expect(costOf('{ sliced(first: 3) { name } }')).toBe(3);
    expect(() => costOf('{ sliced { name } }')).toThrow(
      'Query.sliced must be asked with one of first, last; 0 of them are given',
    );
    expect(() => costOf('{ sliced(first: 1, last: 1) { name } }')).toThrow('2 of them are given');
    const text = 'query ($first: Int, $last: Int) { sliced(first: $first, last: $last) { name } }';
    expect(costOf(text, { first: null, last: 2 })).toBe(2);
    expect(() => costOf(text, { first: 4, last: 2 })).toThrow('2 of them are given');
  });
});

describe('variables', () => {
  const page = 'query ($n: Int) { animals(first: $n) { nodes { name } } }';
  it.each<[string, string, Record<string, unknown>, number]>([
    ['given', page, { n: 7 }, 7],
    ['absent', page, {}, 3],
    ['null', page, { n: null }, 3],
    ['with a default', page.replace('Int)', 'Int = 9)'), {}, 9],
    ['with a default and null', page.replace('Int)', 'Int = 9)'), { n: null }, 3],
    ['of the wrong type, which is refused', page, { n: 'many' }, 1],
    ['absent where the argument has a default', 'query ($n: Int) { dear(first: $n) { name } }', {}, 20],
    ['lists', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['a list of one without brackets', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: 'a' }, 1],
    ['within a list', 'query ($id: ID!) { nodes(ids: [$id, "b"]) { id } }', { id: 'a' }, 2],
    [
      'named as what every object has',
      'query ($constructor: Int) { animals(first: $constructor) { nodes { name } } }',
      {},
      3,
    ],
    [
      'in both directions at once, which is refused',
      'query ($n: Int) { animals(first: $n, last: 2) { nodes { name } } }',
      { n: 7 },
      7,
    ],
    [
      'at two places',
      'query ($n: Int) { a: animalList(first: $n) { name } b: animalList(first: $n) { taxon { name } } animalCount }',
      { n: 2 },
      9,
    ],
    [
      'above and below',
      'query ($n: Int) { animalList(first: $n) { foods(first: $n) { nodes { name } } } }',
      { n: 4 },
      20,
    ],
  ])('%s', (_what, text, variables, cost) => {
    expect(costOf(text, variables)).toBe(cost);
  });

  it('in conditions decide what is counted', () => {
    const text = `query ($a: Boolean!, $b: Boolean = true) {
      animal(id: "x") { taxon @include(if: $a) { name } ...F @skip(if: $b) ... @include(if: $a) { carer { name } } }
    } fragment F on Animal { taxon { parent { name } } }`;
    expect(costOf(text, { a: false })).toBe(1);
    expect(costOf(text, { a: true })).toBe(3);
    expect(costOf(text, { a: false, b: false })).toBe(3);
    expect(costOf(text, { a: true, b: false })).toBe(4);
  });

  it('in more conditions than are kept compiled are right all the same', () => {
    const names = [...'abcdefgh'];
    const text = `query (${names.map((name) => `$${name}: Boolean!`)}) {
      ${names.map((name) => `${name}: animalCount @include(if: $${name})`).join(' ')} }`;
    const document = parse(text);
    for (let bits = 0; bits < 256; bits += 1) {
      const chosen = names.map((name, at): [string, boolean] => [name, ((bits >> at) & 1) === 1]);
      const expected = Math.max(1, 3 * chosen.filter(([, isChosen]) => isChosen).length);
      expect(api.costs.measure(document, null, Object.fromEntries(chosen))?.cost).toBe(expected);
    }
  });
});

describe('an operation', () => {
  it('is chosen by its name', () => {
    const text = 'query A { animalCount } query B { animal(id: "x") { name } }';
    expect(measure(text, {}, 'A').cost).toBe(3);
    expect(measure(text, {}, 'B').cost).toBe(1);
    const document = parse(text);
    expect(api.costs.measure(document, 'C', {})).toBeNull();
    expect(api.costs.measure(document, null, {})).toBeNull();
  });

  it('tells what each of its root fields costs', () => {
    const { fields } = measure('query ($n: Int) { a: animalList(first: $n) { name } animalCount }', { n: 4 });
    expect(fields).toEqual([
      { key: 'a', cost: 4 },
      { key: 'animalCount', cost: 3 },
    ]);
  });

  it('of which nothing depends on variables is computed once', () => {
    const document = parse('{ animals(first: 5) { nodes { name } } }');
    expect(api.costs.measure(document, null, {})).toBe(api.costs.measure(document, null, { other: 1 }));
  });

  it('of a kind that the schema does not have costs the least there is', () => {
    expect(api.costs.measure(parse('subscription { animals }'), null, {})?.cost).toBe(1);
  });

  it('ends at a stated number, however large it would be', () => {
    const nest = (levels: number): string =>
      levels === 0 ? 'name' : `caresFor { carer { ${nest(levels - 1)} } }`;
    expect(costOf(`{ keepers { edges { node { ${nest(30)} } } } }`)).toBe(MAX_COST);
    const withVariable = `query ($n: Int) { keepers(first: $n) { edges { node { ${nest(30)} } } } }`;
    expect(costOf(withVariable, { n: 20 })).toBe(MAX_COST);
  });

  it('that unfolds to more than can be looked at costs all there is', () => {
    const wide = Array.from({ length: 2_500 }, (_, at) => `...G${at}`).join(' ');
    const fragments = Array.from({ length: 2_500 }, (_, at) => `fragment G${at} on Animal { name }`);
    const ask = (place: (at: number) => string) =>
      parse(
        `{ ${Array.from({ length: 60 }, (_, at) => place(at)).join(' ')} } fragment W on Animal { ${wide} } ${fragments.join(' ')}`,
      );
    const different = ask((at) => `p${at}: animal(id: "x") { a${at}: name ...W }`);
    expect(api.costs.measure(different, null, {})).toEqual({ cost: MAX_COST, fields: [], fieldCharges: [] });
  });

  it('that spreads what is the same again and again is looked at once', () => {
    // 12^8 selections, if each were unfolded.
    const levels = Array.from({ length: 8 }, (_, level) => {
      const keys = Array.from({ length: 12 }, (_, at) => `k${at}: parent { ...F${level + 1} }`);
      return `fragment F${level} on Taxon { ${keys.join(' ')} }`;
    });
    const text = `{ taxon(id: "x") { ...F0 } } ${levels.join(' ')} fragment F8 on Taxon { name }`;
    const expected = Array.from({ length: 9 }, (_, level) => 12 ** level).reduce((sum, rows) => sum + rows);
    expect(api.costs.measure(parse(text), null, {})?.cost).toBe(expected);
  });
});
