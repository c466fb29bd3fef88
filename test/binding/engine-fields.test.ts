import { type ExecutionResult, graphql, printType } from 'graphql';
import { bindApi } from '../../src/binding/bind-schema.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import { SchemaFaults } from '../../src/binding/sdl/schema-faults.js';
import type { ModelGraph } from '../../src/model/model-graph.js';
import { domainGraph } from '../domain/domain-graph.js';
import { createZooApi } from './zoo-api.js';
import { LIMITS } from './zoo-schema.js';

const FOOD = 'type Food { name: String! }';
const VIEWER = { id: 'u1', tier: 'premium', scopes: ['read'], isAuthenticated: true };

let graph: ModelGraph;
beforeAll(async () => {
  graph = await domainGraph();
});

const bind = (sdl: string, resolvers: Resolvers = {}, models = graph) =>
  bindApi({ sdl: [{ path: 'app.graphql', text: sdl }], graph: models, resolvers, limits: LIMITS });

async function ask(sdl: string, source: string, resolvers: Resolvers = {}): Promise<ExecutionResult> {
  const { schema } = bind(sdl, resolvers);
  const result = await graphql({ schema, source, contextValue: { viewer: VIEWER } });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

describe("Every app's Query", () => {
  it('tells who asks, without any code', async () => {
    const sdl = `type Query { foods: [Food!]! } ${FOOD}`;
    expect(await ask(sdl, '{ viewer { id tier scopes __typename } }')).toEqual({
      data: { viewer: { id: 'u1', tier: 'premium', scopes: ['read'], __typename: 'Viewer' } },
    });
  });

  it('does so under whatever name it has', async () => {
    const sdl = `schema { query: Root } type Root { foods: [Food!]! } ${FOOD}`;
    expect(await ask(sdl, '{ viewer { id } }')).toEqual({ data: { viewer: { id: 'u1' } } });
    expect(bind(sdl).schema.getType('Query')).toBeUndefined();
  });

  it("may have the app's own code behind it", async () => {
    const resolvers = { Query: { viewer: () => ({ ...VIEWER, tier: 'gold' }) } };
    const sdl = `type Query { foods: [Food!]! } ${FOOD}`;
    expect(await ask(sdl, '{ viewer { tier } }', resolvers)).toEqual({ data: { viewer: { tier: 'gold' } } });
  });

  it("keeps the app's own field of that name", async () => {
    for (const sdl of [
      `type Query { foods: [Food!]! viewer: String } ${FOOD}`,
      `type Query { foods: [Food!]! } extend type Query { viewer: String } ${FOOD}`,
    ]) {
      const { schema } = bind(sdl, { Query: { viewer: () => 'me' } });
      expect(String(schema.getQueryType()?.getFields().viewer?.type)).toBe('String');
      expect(schema.getType('Viewer')).toBeUndefined();
    }
  });

  it('gives way to a type or a model of the app that is called so', () => {
    const own = bind(`type Query { foods: [Food!]! } ${FOOD} type Viewer { age: Int }`);
    expect(own.schema.getQueryType()?.getFields()).not.toHaveProperty('viewer');
    const [food] = [...graph.models.values()].filter(({ name }) => name === 'Food');
    if (food === undefined) throw new Error('The zoo has no food.');
    const models = { ...graph, models: new Map([...graph.models, ['Viewer', { ...food, name: 'Viewer' }]]) };
    const modelled = bind(`type Query { foods: [Food!]! } ${FOOD}`, {}, models);
    expect(modelled.schema.getQueryType()?.getFields()).not.toHaveProperty('viewer');
  });

  it('is shown to clients with a description', () => {
    const type = bind(`type Query { foods: [Food!]! } ${FOOD}`).schema.getType('Viewer');
    expect(type && printType(type)).toContain(
      '"""The tier that the viewer lives on, such as `anonymous`."""',
    );
  });

  it('is missed as ever where the app has none', () => {
    for (const [sdl, resolvers] of [
      [FOOD, {}],
      [`schema { mutation: Change } type Change { a: Int }`, {}],
    ] as const)
      expect(() => bind(sdl, resolvers)).toThrow(SchemaFaults);
  });
});

describe('Asking who asks', () => {
  it('costs no statement, and leaves what is asked beside it as it is', async () => {
    const zoo = await createZooApi('compiled');
    try {
      expect(await zoo.data('{ viewer { id tier } }')).toEqual({ viewer: { id: null, tier: 'anonymous' } });
      expect(zoo.statements).toEqual([]);
      const alone = await zoo.data('{ foods(first: 2) { nodes { name } } }');
      const { viewer, foods } = await zoo.data('{ foods(first: 2) { nodes { name } } viewer { tier } }');
      expect([viewer, { foods }]).toEqual([{ tier: 'anonymous' }, alone]);
      expect(zoo.statements).toHaveLength(1);
    } finally {
      await zoo.close();
    }
  });
});
