import { bindApi } from '../../../src/binding/bind-schema.js';
import type { Resolvers } from '../../../src/binding/resolvers.js';
import { SchemaFaults } from '../../../src/binding/sdl/schema-faults.js';
import { Tiers } from '../../../src/identity/tiers.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS } from '../zoo-schema.js';

let graph: ModelGraph;

beforeAll(async () => {
  graph = await domainGraph();
});

function bind(sdl: string, resolvers: Resolvers = {}, tiers?: Tiers) {
  return bindApi({
    sdl: [{ path: 'app.graphql', text: sdl }],
    graph,
    resolvers,
    limits: LIMITS,
    ...(tiers && { tiers }),
  });
}

/** The faults of some SDL, as `line:column message`. */
function faultsOf(sdl: string, resolvers: Resolvers = {}): string[] {
  try {
    bind(sdl, resolvers);
  } catch (error) {
    if (!(error instanceof SchemaFaults)) throw error;
    return error.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  return [];
}

const ANIMAL = 'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! }\n';

describe('faults in who may select what', () => {
  it.each<[string, string, string]>([
    [
      'an unknown tier',
      'type Query { animal(id: ID!): Animal @requiresTier(tier: "premum") }\ntype Animal { name: String! }',
      '1:38 @requiresTier on Query.animal: there is no tier "premum" (did you mean "premium"?)',
    ],
    [
      'a tier that everybody has',
      'type Query { animal(id: ID!): Animal }\ntype Animal @requiresTier(tier: "anonymous") { name: String! }',
      '2:13 @requiresTier on Animal can do nothing: everybody has at least the tier "anonymous"',
    ],
    [
      'a tier that is no text',
      'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! @requiresTier(tier: 3) }',
      '2:29 @requiresTier on Animal.name: tier must be the name of a tier, as text',
    ],
    [
      'no scopes',
      'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! @requiresScopes(scopes: []) }',
      '2:29 @requiresScopes on Animal.name has an empty list: name at least one scope in each',
    ],
    [
      'an empty list among scopes, which anybody would have',
      'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! @requiresScopes(scopes: [["a"], []]) }',
      '2:29 @requiresScopes on Animal.name has an empty list: name at least one scope in each',
    ],
    [
      'a scope that is none',
      'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! @requiresScopes(scopes: [["a b"]]) }',
      '2:29 @requiresScopes on Animal.name: a scope is a text without spaces, such as "orders:read"',
    ],
    [
      'a type that no field returns',
      `${ANIMAL}type Food @authenticated { name: String! }`,
      '3:11 @authenticated on Food can do nothing: no field returns a Food',
    ],
    [
      'an interface that no field returns',
      `type Query { animal(id: ID!): Animal }\ntype Animal implements Named { name: String! }\ninterface Named @authenticated { name: String! }`,
      '3:17 @authenticated on Named can do nothing: no field returns a Named',
    ],
    [
      'a directive where there is none',
      `${ANIMAL}enum Size @authenticated { SMALL }`,
      '3:11 Directive "@authenticated" may not be used on ENUM.',
    ],
  ])('name %s', (_what, sdl, fault) => {
    expect(faultsOf(sdl)).toEqual([fault]);
  });
});

describe('faults in whose rows are whose', () => {
  it.each<[string, string, string]>([
    [
      'a path that leads nowhere at once',
      'type Query { animal(id: ID!): Animal }\ntype Animal @owner(path: "carrier.id") { name: String! }',
      '2:13 @owner on Animal: "carrier.id" leads nowhere, as Animal has no relation "carrier" (did you mean "carer"?)',
    ],
    [
      'a path that leads nowhere at its end',
      'type Query { animal(id: ID!): Animal }\ntype Animal @owner(path: "carer.bagde") { name: String! }',
      '2:13 @owner on Animal: "carer.bagde" leads nowhere, as Keeper has no column "bagde" (did you mean "badge"?)',
    ],
    [
      'a path that ends at a relation',
      'type Query { animal(id: ID!): Animal }\ntype Animal @owner(path: "carer") { name: String! }',
      '2:13 @owner on Animal: "carer" ends at a relation; let it go on to a column of Keeper',
    ],
    [
      'an empty path',
      'type Query { animal(id: ID!): Animal }\ntype Animal @owner(path: "") { name: String! }',
      '2:13 @owner on Animal: path must lead to a column, such as "ownerId" or "team.leadId"',
    ],
    [
      'a column that holds no id',
      'type Query { animal(id: ID!): Animal }\ntype Animal @owner(path: "bornAt") { name: String! }',
      "2:13 @owner on Animal: Animal.bornAt is timestamptz, which holds no viewer's id",
    ],
    [
      'a list of texts',
      'type Query { s(id: Int!): Specimen }\ntype Specimen @owner(path: "texts") { label: String! }',
      "2:15 @owner on Specimen: Specimen.texts is a list, which holds no viewer's id",
    ],
    [
      'a type that stands for no model',
      'type Query { a: Animl }\ntype Animl @owner(path: "carerId") { name: String! }',
      '2:12 @owner on Animl can do nothing: Animl stands for no model (did you mean "Animal"?)',
    ],
    [
      'a field that holds no rows',
      'type Query { animal(id: ID!): Animal }\ntype Animal { name: String! @owner(path: "carerId") }',
      '2:29 @owner on Animal.name can do nothing: it stands for no rows of one model',
    ],
    [
      'a field that is written by hand',
      'type Query { animal(id: ID!): Animal a: [Animal!]! @owner(path: "carerId") }\ntype Animal { name: String! }',
      '1:52 @owner on Query.a can do nothing: its resolver is written by hand, and decides itself whose rows it gives',
    ],
    [
      'a field that must not be null and leads to a row that may be hidden',
      'type Query { f: [Feeding!]! }\ntype Feeding { animal: Animal! }\ntype Animal @owner(path: "carerId") { name: String! }',
      '2:16 Feeding.animal is declared Animal!, but Animal hides some rows of Animal: drop the "!"',
    ],
    [
      'the same where the field says whose',
      'type Query { f: [Feeding!]! }\ntype Feeding { animal: Animal! @owner(path: "carerId") }\ntype Animal { name: String! }',
      '2:16 Feeding.animal is declared Animal!, but Animal hides some rows of Animal: drop the "!"',
    ],
  ])('name %s', (_what, sdl, fault) => {
    const resolvers: Resolvers =
      sdl.includes(' a: ') || sdl.includes('{ a: ') ? { Query: { a: () => null } } : {};
    expect(faultsOf(sdl, resolvers)).toEqual([fault]);
  });

  it("are none where a row is its viewer's by the very one that it leads to", () => {
    const sdl = `type Query { f: [Feeding!]! }
      type Feeding @owner(path: "animal.carerId") { animal: Animal! }
      type Animal @owner(path: "carerId") { name: String! }`;
    expect(faultsOf(sdl)).toEqual([]);
    expect(faultsOf(sdl.replace('animal.carerId', 'animal.vetId'))).toHaveLength(1);
  });

  it('come together with all others, in reading order', () => {
    expect(
      faultsOf(`type Query {
  animal(id: ID!): Animal @requiresTier(tier: "stuff")
}
type Animal @owner(path: "career.id") @requiresScopes(scopes: [[]]) {
  nam: String!
}`),
    ).toEqual([
      '2:27 @requiresTier on Query.animal: there is no tier "stuff" (did you mean "staff"?)',
      '4:13 @owner on Animal: "career.id" leads nowhere, as Animal has no relation "career" (did you mean "carer"?)',
      '4:39 @requiresScopes on Animal has an empty list: name at least one scope in each',
      '5:3 Animal.nam is neither a column nor a relation of Animal, and no resolver is written for it (did you mean "name"?)',
    ]);
  });
});

describe('a schema', () => {
  it('without such directives has nothing to ask, and nothing before its resolvers', () => {
    const { bindings, schema } = bind(ANIMAL);
    expect(bindings.authorization).toBeNull();
    const guarded = bind(ANIMAL.replace('String!', 'String! @authenticated'));
    expect(guarded.bindings.authorization?.hasRequirements).toBe(true);
    // The guard takes its place; the plain one is the resolver itself.
    expect(schema.getQueryType()?.getFields().animal?.resolve?.length).toBe(4);
    expect(schema.getDirective('authenticated')).toBeUndefined();
  });

  it("takes an app's own tiers", () => {
    const windows = { windows: [], costPerMinute: 1, maxOperationCost: 1 };
    const tiers = new Tiers([
      { name: 'anonymous', ...windows },
      { name: 'gold', ...windows },
    ]);
    const sdl = ANIMAL.replace('String!', 'String! @requiresTier(tier: "gold")');
    const { bindings } = bind(sdl, {}, tiers);
    expect(bindings.authorization?.tables.requirements).toEqual([{ kind: 'tier', tier: 'gold' }]);
    expect(faultsOf(sdl)).toHaveLength(1);
  });

  it('keeps equal requirements once, however they are written', () => {
    const { bindings } = bind(
      `type Query { animal(id: ID!): Animal @requiresScopes(scopes: "a") }
      type Animal @authenticated { name: String! @requiresScopes(scopes: [["a"]]) mood: String @authenticated }`,
      {
        Animal: { mood: () => null },
      },
    );
    expect(bindings.authorization?.tables.requirements).toHaveLength(2);
  });
});
