import { GraphQLScalarType } from 'graphql';
import { bindSchema } from '../../src/binding/bind-schema.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import { SchemaFaults } from '../../src/binding/sdl/schema-faults.js';
import type { ModelGraph } from '../../src/model/model-graph.js';
import { domainGraph } from '../domain/domain-graph.js';
import { LIMITS } from './zoo-schema.js';

let graph: ModelGraph;

beforeAll(async () => {
  graph = await domainGraph();
});

/** The faults of some SDL, as `line:column message`; `sdl` begins at line 1. */
function faultsOf(sdl: string, resolvers: Resolvers = {}): string[] {
  try {
    bindSchema({ sdl: [{ path: 'app.graphql', text: sdl }], graph, resolvers, limits: LIMITS });
  } catch (error) {
    if (!(error instanceof SchemaFaults)) throw error;
    return error.faults.map(({ path, line, column, message }) =>
      path === null ? message : `${line}:${column} ${message}`,
    );
  }
  return [];
}

const CONNECTION = `
type FoodConnection { edges: [FoodEdge!]! pageInfo: PageInfo! }
type FoodEdge { cursor: String! node: Food! }`;

describe('a schema that can be bound', () => {
  it('has no faults', () => {
    expect(
      faultsOf('type Query { food(name: String!): Food }\ntype Food { name: String! kcal: Int }'),
    ).toEqual([]);
  });

  it('may be spread over files by extensions', () => {
    const sdl = [
      { path: 'a.graphql', text: 'type Query { food(name: String!): Food }\ntype Food { name: String! }' },
      { path: 'b.graphql', text: 'extend type Query { foods: [Food!]! }\nextend type Food { kcal: Int }' },
      { path: 'c.graphql', text: '# nothing but a comment\n' },
      { path: 'd.graphql', text: '' },
    ];
    const schema = bindSchema({ sdl, graph, limits: LIMITS });
    expect(Object.keys(schema.getQueryType()!.getFields())).toEqual([
      ...['food', 'foods'],
      // The engine's own.
      ...['caches', 'rateLimit', 'rateLimitBlocks', 'viewer'],
    ]);
  });

  it('shows its clients only those types of the engine that it uses', () => {
    const sdl = 'type Query { shifts: [Shift!]! }\ntype Shift { day: Date! }';
    const schema = bindSchema({ sdl: [{ path: 'a.graphql', text: sdl }], graph, limits: LIMITS });
    const names = Object.keys(schema.getTypeMap());
    expect(names).toContain('Date');
    expect(names).not.toContain('JSONFilter');
    expect(schema.getDirective('needs')).toBeUndefined();
  });
});

describe('faults in SDL', () => {
  it('come with file, line and column', () => {
    expect(() =>
      bindSchema({
        sdl: [{ path: 'schema/app/food.graphql', text: 'type Query {\n  food(: Int' }],
        graph,
        limits: LIMITS,
      }),
    ).toThrow(
      /1 fault in the schema:\n {2}schema\/app\/food\.graphql:2:8 Syntax Error: Expected Name, found ":"/,
    );
  });

  it('come all at once, in reading order', () => {
    const faults = faultsOf(`type Query {
  food(nam: String!): Food
  fods: [Food!]!
}
type Food {
  name: String!
  kcl: Int
  kcal: Int!
}`);
    expect(faults).toEqual([
      '2:8 Query.food(nam:) is no column of Food (did you mean "name"?)',
      '7:3 Food.kcl is neither a column nor a relation of Food, and no resolver is written for it (did you mean "kcal"?)',
      '8:3 Food.kcal is declared Int!, but its column Food.kcal may be null: drop the "!"',
    ]);
  });

  it.each<[string, string, string]>([
    ['an unknown type', 'type Query { food: Fod }', 'Unknown type "Fod"'],
    [
      'a type defined twice',
      'type Query { a: Int }\ntype Query { b: Int }',
      'There can be only one type named "Query"',
    ],
    ['no Query at all', 'type Food { name: String! }', 'Query root type must be provided'],
    [
      'an interface that is not satisfied',
      'type Query { food(name: String!): Food }\ninterface Named { name: String! }\ntype Food implements Named { kcal: Int }',
      'Interface field Named.name expected but Food does not provide it',
    ],
  ])('name %s', (_what, sdl, message) => {
    expect(faultsOf(sdl).join('\n')).toContain(message);
  });
});

describe('faults in what SDL stands for', () => {
  it.each<[string, string, string]>([
    [
      '@model without such a model',
      'type Query { a: A }\ntype A @model(name: "Anmal") { name: String! }',
      '@model on A names no model: "Anmal" (did you mean "Animal"?)',
    ],
    [
      '@column without such a column',
      'type Query { food(name: String!): Food }\ntype Food { title: String! @column(name: "nam") }',
      '@column on Food.title names no column of Food: "nam" (did you mean "name"?)',
    ],
    [
      '@relation without such a relation',
      'type Query { food(name: String!): Food }\ntype Food { who: [Animal!]! @relation(name: "animal") }\ntype Animal { name: String! }',
      '@relation on Food.who names no relation of Food: "animal" (did you mean "animals"?)',
    ],
    [
      'a relation that leads elsewhere',
      'type Query { food(name: String!): Food }\ntype Food { animals: [Keeper!]! }\ntype Keeper { name: String! }',
      'Food.animals is of type Keeper, but the relation Food.animals leads to Animal',
    ],
    [
      'a list where there is at most one',
      'type Query { k(id: Int!): Animal }\ntype Animal { carer: [Keeper!]! }\ntype Keeper { name: String! }',
      'Animal.carer must be a single Keeper',
    ],
    [
      'a single one where there are many',
      'type Query { food(name: String!): Food }\ntype Food { animals: Animal }\ntype Animal { name: String! }',
      'Food.animals must be a list or a connection',
    ],
    [
      'a count of a to-one relation',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { carerCount: Int! }',
      'Animal.carerCount counts a to-one relation',
    ],
    [
      'a "!" that a missing relation breaks',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { vet: Keeper! }\ntype Keeper { name: String! }',
      'Animal.vet is declared Keeper!, but the relation may be missing',
    ],
    [
      'a "!" that the far side breaks',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { passport: Passport! }\ntype Passport { number: String! }',
      'Animal.passport is declared Passport!, but the relation may be missing',
    ],
    [
      'a "!" that a hidden row breaks',
      'type Query { f: [Feeding!]! }\ntype Feeding { animal: Animal! }\ntype Animal @model(where: { isOnShow: true }) { name: String! }',
      'Feeding.animal is declared Animal!, but Animal hides some rows of Animal',
    ],
    [
      'a "!" that an unknown key breaks',
      'type Query { food(name: String!): Food! }\ntype Food { name: String! }',
      'Query.food is declared Food!, but no row may have the key',
    ],
    [
      'a "!" on node',
      'type Query { node(id: ID!): Node! food(name: String!): Food }\ntype Food implements Node { id: ID! name: String! }',
      'Query.node is declared Node!, but an object may be gone',
    ],
    [
      'node with other arguments',
      'type Query { node(key: ID!): Node food(name: String!): Food }\ntype Food implements Node { id: ID! }',
      'Query.node must be declared node(id: ID!): Node',
    ],
    [
      'nodes with "!" inside',
      'type Query { nodes(ids: [ID!]!): [Node!]! food(name: String!): Food }\ntype Food implements Node { id: ID! }',
      'drop the "!"',
    ],
    [
      'a scalar that loses digits',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { weightKg: Float }',
      "Animal.weightKg is of type Float, which can't hold a Decimal column (numeric): use Decimal or String",
    ],
    [
      'an object where a column is',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { name: Keeper }\ntype Keeper { name: String! }',
      "Animal.name is of type Keeper, which can't hold a String column",
    ],
    [
      'a list of a single column',
      'type Query { food(name: String!): Food }\ntype Food { name: [String!]! }',
      'Food.name must be a single value',
    ],
    [
      'a single value of a list column',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { moods: Mood }\nenum Mood { CALM PLAYFUL IN_A_HUFF }',
      'Animal.moods must be a list',
    ],
    [
      'an enum with too much',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { mood: Mood }\nenum Mood { CALM PLAYFUL IN_A_HUFF SAD }',
      "whose SAD the model's Mood lacks",
    ],
    [
      'an enum with too little',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { mood: Mood }\nenum Mood { CALM }',
      "which lacks PLAYFUL, IN_A_HUFF of the model's Mood",
    ],
    [
      'an enum for a text',
      'type Query { food(name: String!): Food }\ntype Food { name: Mood! }\nenum Mood { CALM }',
      'is of enum Mood, but its column is a String',
    ],
    [
      'an argument on a column',
      'type Query { food(name: String!): Food }\ntype Food { name(upper: Boolean): String! }',
      'Food.name(upper:) is an unknown argument',
    ],
    [
      'an argument on a to-one relation',
      'type Query { p: [Passport!]! }\ntype Passport { animal(x: Int): Animal! }\ntype Animal { name: String! }',
      'Passport.animal(x:) is an unknown argument',
    ],
    [
      'an unknown argument of a list',
      'type Query { foods(frist: Int): [Food!]! }\ntype Food { name: String! }',
      'Query.foods(frist:) is an unknown argument of a bound list (did you mean "first"?); it takes filter, orderBy, first',
    ],
    [
      'paging arguments on a list',
      'type Query { foods(after: String): [Food!]! }\ntype Food { name: String! }',
      'Query.foods(after:) is an unknown argument of a bound list',
    ],
    [
      'a page argument of another type',
      `type Query { foods(first: String): FoodConnection! }\ntype Food { name: String! }${CONNECTION}`,
      'Query.foods(first:) must be of type Int, not String',
    ],
    [
      'a filter that is no input',
      'type Query { foods(filter: String): [Food!]! }\ntype Food { name: String! }',
      'Query.foods(filter:) must be an input object, not String',
    ],
    [
      'a filter on no column',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcall: IntFilter }',
      'F.kcall is neither a column nor a relation of Food (did you mean "kcal"?)',
    ],
    [
      'a filter field without operators',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: Int }',
      'F.kcal must be an input of operators',
    ],
    [
      'an unknown operator',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: O }\ninput O { equals: Int }',
      'O.equals is not an operator',
    ],
    [
      'an operator that the type lacks',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: O }\ninput O { contains: String }',
      'O.contains is for text, and kcal is int4',
    ],
    [
      'an operator of another type',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: StringFilter }',
      "StringFilter.eq is of type String, which can't hold a Int column",
    ],
    [
      'isNull of another type',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: O }\ninput O { isNull: Int }',
      'O.isNull must be a Boolean',
    ],
    [
      'in without a list',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: O }\ninput O { in: Int }',
      'O.in must take a list',
    ],
    [
      'eq with a list',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { kcal: O }\ninput O { eq: [Int!] }',
      'O.eq must take a single value',
    ],
    [
      'in on a list column',
      'type Query { s(filter: F): [Specimen!]! }\ntype Specimen { label: String! }\ninput F { wholes: O }\ninput O { in: [Int!] }',
      'O.in is not for a list, and wholes is one',
    ],
    [
      'an order on json',
      'type Query { s(filter: F): [Specimen!]! }\ntype Specimen { label: String! }\ninput F { payload: O }\ninput O { lt: JSON }',
      'O.lt needs an order, and payload is jsonb, which has no order that means anything',
    ],
    [
      'a comparison of plain json',
      'type Query { s(filter: F): [Specimen!]! }\ntype Specimen { label: String! }\ninput F { rawPayload: JSONFilter }',
      'compares, which PostgreSQL can only for jsonb',
    ],
    [
      'and that takes no list',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { and: F }',
      'F.and must be [F!]',
    ],
    [
      'not that takes a list',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { not: [F!] }',
      'F.not must be F',
    ],
    [
      'a relation filter that is no input',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { animals: Int }',
      'F.animals must be an input with some and none, not Int',
    ],
    [
      'is on a to-many relation',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { animals: R }\ninput R { is: A }\ninput A { name: StringFilter }',
      'R.is is not for a to-many relation (some, none)',
    ],
    [
      'a quantifier over no filter',
      'type Query { foods(filter: F): [Food!]! }\ntype Food { name: String! }\ninput F { animals: R }\ninput R { some: Int }',
      'R.some must be one filter input',
    ],
    [
      'an order of the wrong shape',
      'type Query { foods(orderBy: String): [Food!]! }\ntype Food { name: String! }',
      'Query.foods(orderBy:) must be an input with field (an enum)',
    ],
    [
      'an order with odd parts',
      'type Query { foods(orderBy: O): [Food!]! }\ntype Food { name: String! }\ninput O { field: F! up: Boolean }\nenum F { NAME }',
      'O.up must be one of field',
    ],
    [
      'an order by no column',
      'type Query { foods(orderBy: O): [Food!]! }\ntype Food { name: String! }\ninput O { field: F! }\nenum F { NAM }',
      'F.NAM stands for no column of Food (did you mean "name"?)',
    ],
    [
      'an order by json',
      'type Query { s(orderBy: O): [Specimen!]! }\ntype Specimen { label: String! }\ninput O { field: F! }\nenum F { PAYLOAD }',
      "F.PAYLOAD: rows can't be ordered by payload, which is jsonb",
    ],
    [
      'an order by a time with a zone',
      'type Query { s(orderBy: O): [Specimen!]! }\ntype Specimen { label: String! }\ninput O { field: F! }\nenum F { CLOCK_ZONED }',
      'which is a timetz, whose order depends on a zone',
    ],
    [
      'a comparison of times with a zone',
      'type Query { s(filter: F): [Specimen!]! }\ntype Specimen { label: String! }\ninput F { clockZoned: O }\ninput O { eq: Time }',
      'only isNull holds',
    ],
    [
      'a greatest list',
      'type Query { a: SpecimenAggregate! }\ntype SpecimenAggregate { max: S! }\ntype S { wholes: Int }',
      'S.wholes needs an order, and wholes is a list',
    ],
    [
      'nodes with other arguments',
      'type Query { nodes(id: ID!): [Node]! food(name: String!): Food }\ntype Food implements Node { id: ID! }',
      'Query.nodes must be declared nodes(ids: [ID!]!): [Node]!',
    ],
    [
      'an unknown argument of a count',
      'type Query { foods: [Food!]! }\ntype Food { animalsCount(first: Int): Int! }',
      'Food.animalsCount(first:) is an unknown argument of a bound count or aggregate; it takes filter',
    ],
    [
      'a count of nothing',
      'type Query { foods: [Food!]! }\ntype Food { soupCount: Int! }',
      'Food.soupCount is neither a column nor a relation of Food',
    ],
    [
      'an aggregate under another name',
      'type Query { foods: [Food!]! }\ntype Food { statistics: FeedingAggregate! }\ntype FeedingAggregate { count: Int! }',
      'Food.statistics is neither a column nor a relation of Food',
    ],
    [
      'a sum over a list',
      'type Query { a: SpecimenAggregate! }\ntype SpecimenAggregate { sum: S! }\ntype S { wholes: BigInt }',
      'S.wholes needs a number, and wholes is a list',
    ],
    [
      'text operators on a list',
      'type Query { s(filter: F): [Specimen!]! }\ntype Specimen { label: String! }\ninput F { texts: O }\ninput O { contains: [String!] }',
      'O.contains is for text, and texts is a list',
    ],
    [
      'an enum column in another scalar',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { mood: Int }',
      "Animal.mood is of type Int, which can't hold a Enum column",
    ],
    [
      'a union of which only some members can be reached',
      'type Query { n: [Note!]! }\ntype Note { about: S }\nunion S = Animal | Food\ntype Animal { name: String! }\ntype Food { name: String! }',
      'Note.about is neither a column nor a relation of Note',
    ],
    [
      'a union reached by two relations to one model',
      'type Query { a(id: BigInt!): Animal }\ntype Animal { person: S }\nunion S = Keeper | Other\ntype Keeper { name: String! }\ntype Other { x: Int }',
      'Animal.person is neither a column nor a relation of Animal',
    ],
    [
      'a list of a union over several models',
      'type Query { n: [Note!]! }\ntype Note { about: [S!] }\nunion S = Animal | Keeper\ntype Animal { name: String! }\ntype Keeper { name: String! }',
      'Note.about is neither a column nor a relation of Note',
    ],
    [
      'a key of a view that has none',
      'type Query { c(taxonName: String!): TaxonCensus }\ntype TaxonCensus { taxonName: String! }',
      'these identify one row: none',
    ],
    [
      'a key argument that is not unique',
      'type Query { animal(name: String!): Animal }\ntype Animal { name: String! }',
      'Query.animal(name:) belongs to no unique key of Animal; these identify one row: id, taxonId + name',
    ],
    [
      'a row without an argument',
      'type Query { food: Food }\ntype Food { name: String! }',
      'Query.food needs an argument that identifies one row of Food',
    ],
    [
      'a key of another type',
      'type Query { food(name: Int!): Food }\ntype Food { name: String! }',
      "Query.food(name:) is of type Int, which can't hold a String column",
    ],
    [
      'a root of no model',
      'type Query { hello: String }',
      'Query.hello is not bound to a model and has no resolver: String stands for no model',
    ],
    [
      '@model on a root without such a model',
      'type Query { n: Int! @model(name: "Fod") }',
      '@model on Query.n names no model: "Fod" (did you mean "Food"?)',
    ],
    [
      'a mutation without code',
      'type Query { foods: [Food!]! }\ntype Food { name: String! }\ntype Mutation { eat: Int }',
      'Mutation.eat needs a resolver',
    ],
    [
      'a connection over rows without a key',
      'type Query { c(first: Int): TaxonCensusConnection! }\ntype TaxonCensusConnection { edges: [E!]! }\ntype E { node: TaxonCensus! }\ntype TaxonCensus { taxonName: String! }',
      'rows of TaxonCensus have no key, so no page can end at one',
    ],
    [
      'a node without a key',
      'type Query { c: [TaxonCensus!]! }\ntype TaxonCensus implements Node { id: ID! taxonName: String! }',
      'TaxonCensus implements Node, but TaxonCensus is a view without a key',
    ],
    [
      'an odd field of a connection',
      `type Query { foods: FoodConnection! }\ntype Food { name: String! }${CONNECTION.replace('pageInfo', 'pageInf')}`,
      'FoodConnection.pageInf is neither edges, nodes, pageInfo nor totalCount, and has no resolver (did you mean "pageInfo"?)',
    ],
    [
      'an odd field of an edge',
      `type Query { foods: FoodConnection! }\ntype Food { name: String! }${CONNECTION.replace('cursor', 'cursr')}`,
      'FoodEdge.cursr is neither node nor cursor',
    ],
    [
      'a discriminator on no column',
      'type Query { b: [Birth!]! }\ntype Birth @model(name: "Event", where: { knd: "BIRTH" }) { grams: Int }',
      '@model(where:) on Birth names no column of Event: "knd" (did you mean "kind"?)',
    ],
    [
      'a discriminator of no value',
      'type Query { b: [Birth!]! }\ntype Birth @model(name: "Event", where: { kind: "BRTH" }) { grams: Int }',
      '@model(where:) on Birth: EventKind has no value "BRTH" (did you mean "BIRTH"?)',
    ],
    [
      'a discriminator that is no object',
      'type Query { b: [Birth!]! }\ntype Birth @model(name: "Event", where: "BIRTH") { grams: Int }',
      'must be an object of column values',
    ],
    [
      'an abstract type with a stranger',
      'type Query { e: [E!]! }\ninterface E @model(name: "Event") { grams: Int }\ntype Birth implements E @model(name: "Event", where: { kind: "BIRTH" }) { grams: Int }\ntype Feeding implements E { grams: Int }',
      'E is read from Event, but Feeding is not bound to it',
    ],
    [
      'an arc with "!"',
      'type Query { n: [Note!]! }\ntype Note { about: S! }\nunion S = Animal | Keeper\ntype Animal { name: String! }\ntype Keeper { name: String! }',
      'Note.about is declared S!, but no relation may be set',
    ],
    [
      '@needs without a resolver',
      'type Query { food(name: String!): Food }\ntype Food { name: String! @needs(columns: ["kcal"]) }',
      'Food.name has @needs but no resolver',
    ],
    [
      'an aggregate of odd parts',
      'type Query { a: FoodAggregate! }\ntype Food { name: String! }\ntype FoodAggregate { median: Int }',
      'FoodAggregate.median must be count, or an object named avg, sum, min or max',
    ],
    [
      'a count that is no Int',
      'type Query { a: FoodAggregate! }\ntype FoodAggregate { count: String }',
      'FoodAggregate.count must be an Int',
    ],
    [
      'an aggregate over no column',
      'type Query { a: FoodAggregate! }\ntype FoodAggregate { sum: S! }\ntype S { kcall: BigInt }',
      'S.kcall is no column of Food (did you mean "kcal"?)',
    ],
    [
      'a sum of texts',
      'type Query { a: FoodAggregate! }\ntype FoodAggregate { sum: S! }\ntype S { name: String }',
      'S.name needs a number, and name is text',
    ],
    [
      'a sum in too small a type',
      'type Query { a: FoodAggregate! }\ntype FoodAggregate { sum: S! }\ntype S { kcal: Int }',
      'S.kcal must be BigInt or Decimal: sum of int4',
    ],
    [
      'a greatest uuid',
      'type Query { a: ShiftAggregate! }\ntype ShiftAggregate { max: S! }\ntype S { id: UUID }',
      'S.id needs an order that min and max know',
    ],
    [
      'a "!" over no rows',
      'type Query { a: FoodAggregate! }\ntype FoodAggregate { sum: S! }\ntype S { kcal: BigInt! }',
      'S.kcal must be nullable: over no rows sum is null',
    ],
    [
      'a scalar without code',
      'scalar Colour\ntype Query { foods: [Food!]! }\ntype Food { name: Colour! }',
      'scalar Colour has no code',
    ],
  ])('%s', (_what, sdl, message) => {
    expect(faultsOf(sdl).join('\n')).toContain(message);
  });
});

describe('faults in resolvers', () => {
  const sdl =
    'type Query { food(name: String!): Food }\ntype Food { name: String! hot: Boolean @needs(columns: ["kcl"]) }\ninput I { a: Int }';
  const hot = () => true;

  it.each<[string, Resolvers, string]>([
    [
      'for a type that is not there',
      { Fod: { hot }, Food: { hot } },
      'resolvers: the schema has no type Fod (did you mean "Food"?)',
    ],
    [
      'for a field that is not there',
      { Food: { hot, hto: hot } },
      'resolvers: Food has no field hto (did you mean "hot"?)',
    ],
    ['for an input', { I: { a: hot }, Food: { hot } }, 'resolvers: I is not an object type'],
    [
      'as a scalar for an object',
      { Food: new GraphQLScalarType({ name: 'Food' }) },
      'resolvers: Food is given as a scalar',
    ],
    [
      'that need no column',
      { Food: { hot } },
      '@needs on Food.hot names no column of Food: "kcl" (did you mean "kcal"?)',
    ],
  ])('%s', (_what, resolvers, message) => {
    expect(faultsOf(sdl, resolvers).join('\n')).toContain(message);
  });

  it('come together, those without a place first', () => {
    const faults = faultsOf('type Query { foods: [Food!]! }\ntype Food { nam: String! }', {
      A: { hot },
      B: { hot },
    });
    expect(faults).toHaveLength(3);
    expect(faults[2]).toMatch(/^2:13 Food\.nam is neither/);
  });

  it('are found for an own scalar that has its code', () => {
    const Colour = new GraphQLScalarType({ name: 'Colour' });
    expect(
      faultsOf('scalar Colour\ntype Query { foods: [Food!]! }\ntype Food { name: Colour! }', { Colour }),
    ).toEqual([]);
  });
});
