import { buildASTSchema, parse, print } from 'graphql';
import { rateLimitDirective } from 'graphql-rate-limit-directive';
import { bindApi } from '../../../src/binding/bind-schema.js';
import { loadEngineSdl } from '../../../src/binding/sdl/engine-sdl.js';
import { SchemaFaults } from '../../../src/binding/sdl/schema-faults.js';
import { Tiers } from '../../../src/identity/tiers.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS } from '../zoo-schema.js';

let graph: ModelGraph;
beforeAll(async () => {
  graph = await domainGraph();
});

const BASE = `type Food { name: String! kcal: Int }
type FoodConnection { edges: [FoodEdge!]! pageInfo: PageInfo! }
type FoodEdge { cursor: String! node: Food! }
`;

/** The faults of a schema whose \`Query\` is given, as \`line:column message\`; it begins at line 4. */
function faultsOf(sdl: string, tiers?: Tiers): string[] {
  try {
    bindApi({
      sdl: [{ path: 'app.graphql', text: BASE + sdl }],
      graph,
      limits: LIMITS,
      ...(tiers && { tiers }),
    });
  } catch (error) {
    if (!(error instanceof SchemaFaults)) throw error;
    return error.faults.map(({ path, line, column, message }) => {
      expect(path).toBe('app.graphql');
      return `${line}:${column} ${message}`;
    });
  }
  return [];
}

const food = (directive: string) => `type Query { food(name: String!): Food ${directive} }`;
const foods = (
  directive: string,
) => `type Query { foods(first: Int, last: Int, orderBy: [O!]): FoodConnection! ${directive} }
enum F { NAME } input O { field: F! direction: OrderDirection }`;

describe('@cost, @listSize and @rateLimit', () => {
  it('without faults are bound, and clients see nothing of them', () => {
    const sdl = `type Query {
      food(name: String! @cost(weight: "1")): Food @cost(weight: "0.125") @rateLimit(limit: 5, duration: 60)
      foods(first: Int): FoodConnection! @listSize(assumedSize: 2, slicingArguments: "first", sizedFields: ["edges"])
    }`;
    const { schema } = bindApi({ sdl: [{ path: 'app.graphql', text: BASE + sdl }], graph, limits: LIMITS });
    for (const name of ['cost', 'listSize', 'rateLimit']) expect(schema.getDirective(name)).toBeUndefined();
    expect(schema.getType('TierLimit')).toBeUndefined();
  });

  it.each<[string, string]>([
    [
      food('@cost(weight: "many")'),
      '4:40 @cost on Query.food weighs "many": expected a number from 0 to 1000000 in quotes, such as "5" or "0.5"',
    ],
    [food('@cost(weight: "-1")'), '4:40 @cost on Query.food weighs "-1": expected a number'],
    [food('@cost(weight: 3)'), '4:40 @cost on Query.food weighs 3: expected a number'],
    [food('@cost(weight: "1000001")'), 'weighs "1000001"'],
    [
      'type Query { food(name: String! @cost(weight: "x")): Food }',
      '4:33 @cost on Query.food(name:) weighs "x"',
    ],
    [
      'type Query { food(name: String!): Food }\nextend type Food @cost(weight: "")',
      '5:18 @cost on Food weighs ""',
    ],
    [
      'type Query { food(name: String!): Food }\nenum E @cost(weight: "1,5") { A }',
      '@cost on E weighs "1,5"',
    ],
    [
      foods('@listSize(slicingArguments: ["frist"])'),
      '4:75 @listSize on Query.foods names no argument of the field: "frist" (did you mean "first"?)',
    ],
    [
      food('@listSize(assumedSize: 3)'),
      '4:40 @listSize on Query.food says how long a list is, but Food is none',
    ],
    [
      foods('@listSize(sizedFields: ["egdes"])'),
      '@listSize on Query.foods names no field of FoodConnection: "egdes" (did you mean "edges"?)',
    ],
    [
      foods('@listSize(sizedFields: ["pageInfo"])'),
      "@listSize on Query.foods can't give a size to FoodConnection.pageInfo, which is no list",
    ],
    [
      foods('@listSize(sizedFields: [1])'),
      '@listSize on Query.foods has 1 among its sizedFields: expected names',
    ],
    [
      'type Query { foods: [Food!]! @listSize(sizedFields: ["edges"]) }',
      '@listSize on Query.foods names sizedFields, but [Food!]! is a list itself',
    ],
    [
      foods('@listSize(assumedSize: -1)'),
      '@listSize on Query.foods assumes a size of -1: expected a whole number of at least 0',
    ],
    [
      foods('@listSize(requireOneSlicingArgument: 1)'),
      '@listSize on Query.foods has a requireOneSlicingArgument of 1: expected true or false',
    ],
    [
      food('@rateLimit(limit: 0)'),
      '4:40 @rateLimit on Query.food has a limit of 0: expected a whole number from 1 to 1000000000',
    ],
    [food('@rateLimit(limit: "5")'), '@rateLimit on Query.food has a limit of "5"'],
    [
      food('@rateLimit(duration: 2678401)'),
      '@rateLimit on Query.food has a duration of 2678401: expected a whole number from 1 to 2678400',
    ],
    [
      food('@rateLimit(tiers: [{ tier: "premum", limit: 2 }])'),
      `4:40 @rateLimit on Query.food names a tier that isn't: there is no tier "premum" (did you mean "premium"?)`,
    ],
    [
      food('@rateLimit(tiers: { tier: "staff", limit: -1 })'),
      '@rateLimit on Query.food has a limit for "staff" of -1',
    ],
    [
      food('@rateLimit(tiers: [{ tier: "staff", limit: 1 }, { tier: "staff", limit: 2 }])'),
      '@rateLimit on Query.food names the tier "staff" twice',
    ],
    [food('@rateLimit(tiers: [null])'), '@rateLimit on Query.food has a tier without a name'],
    [
      'type Query { food(name: String!): Food }\nextend type Food @rateLimit(limit: -5)',
      '5:18 @rateLimit on Food has a limit of -5',
    ],
    [
      'type Query { node(id: ID!): Node food(name: String!): Named }\ninterface Named { name: String! @cost(weight: "1") }\nextend type Food implements Named',
      '@cost on Named.name says nothing: put it on the field of each type that implements Named',
    ],
    [
      'type Query { food(name: String!): Food }\ninterface Named { name: String! @rateLimit }\nextend type Food implements Named',
      '@rateLimit on Named.name says nothing',
    ],
  ])('%s', (sdl, fault) => {
    const faults = faultsOf(sdl).join('\n');

    expect(faults).toContain(fault);
  });

  it('tell all their faults at once, in reading order', () => {
    const faults = faultsOf(`type Query {
  food(name: String!): Food @cost(weight: "x") @rateLimit(limit: 0, duration: 0)
  foods(first: Int): FoodConnection! @listSize(slicingArguments: ["a", "first"], sizedFields: ["b"])
}`);
    expect(faults.map((fault) => fault.slice(0, 21))).toEqual([
      '5:29 @cost on Query.f',
      '5:48 @rateLimit on Qu',
      '5:48 @rateLimit on Qu',
      '6:38 @listSize on Que',
      '6:38 @listSize on Que',
    ]);
  });

  it('know the tiers of the app', () => {
    const one = { windows: [], costPerMinute: 1, maxOperationCost: 1 };
    const tiers = new Tiers([
      { name: 'anonymous', ...one },
      { name: 'member', ...one },
    ]);
    expect(faultsOf(food('@rateLimit(tiers: [{ tier: "member", limit: 2 }])'), tiers)).toEqual([]);
    expect(faultsOf(food('@rateLimit(tiers: [{ tier: "staff", limit: 2 }])'), tiers)[0]).toContain(
      'there is no tier "staff"',
    );
  });

  it('can take a size only from a number or a list', () => {
    const sdl = `type Query { search(text: String): [Food!]! @listSize(slicingArguments: ["text"]) }`;
    const bind = () =>
      bindApi({
        sdl: [{ path: 'app.graphql', text: BASE + sdl }],
        graph,
        limits: LIMITS,
        resolvers: { Query: { search: () => [] } },
      });
    expect(bind).toThrow(
      `can't take a size from the argument "text", which is String: expected an Int or a list`,
    );
  });
});

describe('the definition of @rateLimit', () => {
  it("is the package's, and one argument more", () => {
    const { rateLimitDirectiveTypeDefs } = rateLimitDirective();
    const theirs = buildASTSchema(parse(`${rateLimitDirectiveTypeDefs} type Query { a: Int }`)).getDirective(
      'rateLimit',
    )!;
    const text = loadEngineSdl()
      .map((source) => source.text)
      .join('\n');
    const ours = buildASTSchema(
      parse(`${text} type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }`),
    ).getDirective('rateLimit')!;
    const describe = (directive: typeof ours) =>
      directive.args.map(({ name, type, defaultValue }) => `${name}: ${type} = ${defaultValue}`);
    expect(describe(ours).slice(0, -1)).toEqual(describe(theirs));
    expect([...ours.locations].sort()).toEqual([...theirs.locations].sort());
    expect(print(ours.astNode!)).toContain('tiers: [TierLimit!] = []');
  });
});
