import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Change, CriticalityLevel, coverage, diff, validate } from '@graphql-inspector/core';
import {
  buildSchema,
  type GraphQLSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  Source,
  visit,
} from 'graphql';
import { auditServer } from 'graphql-http';
import { introspect } from './introspect.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop, ROOT } from './live-shop.js';

let shop: LiveShop;
let live: GraphQLSchema;
beforeAll(async () => {
  shop = await openLiveShop();
  live = await introspect(shop);
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());

describe('graphql-inspector', () => {
  it('finds no difference between what is served and the committed schema.graphql', async () => {
    const committed = buildSchema(await readFile(join(ROOT, 'schema.graphql'), 'utf8'));
    const served = buildSchema(printSchema(live));
    expect((await diff(committed, served)).map((change) => change.message)).toEqual([]);
  });

  it('tells a change that breaks clients from one that does not', async () => {
    const document = visit(parse(printSchema(live)), {
      ObjectTypeDefinition: (type) => (type.name.value === 'Order' ? without(type, 'total') : undefined),
    });
    const changed = buildSchema(print(document).replace('averageRating: Float', 'averageRating: String'));
    const breaking = (await diff(live, changed)).filter(isBreaking);
    expect(breaking.map((change) => change.path).sort()).toEqual(['Order.total', 'Product.averageRating']);
  });

  it("finds nothing wrong with the app's examples, and runs them", async () => {
    const examples = shop.app.examples ?? [];
    const sources = examples.map(({ name, query }) => new Source(query, name));
    expect(sources.length).toBeGreaterThan(0);
    expect(validate(live, sources, { strictDeprecated: true })).toEqual([]);
    for (const { name, query, variables } of examples) {
      const { data, errors } = await shop.ask(query, { variables });
      expect([name, errors]).toEqual([name, undefined]);
      expect(Object.values(data)).not.toContain(null);
    }
  });

  it('measures what a document covers', () => {
    const { stats, types } = coverage(live, [new Source('{ product(slug: "x") { id name } }')]);
    expect(stats.numCoveredQueries).toBe(1);
    expect(types.Product?.fieldsCountCovered).toBe(2);
  });
});

describe("graphql-http's audit", () => {
  it('passes against the shop without a failure, a warning or a notice', async () => {
    const results = await auditServer({ url: shop.url });
    expect(results.length).toBeGreaterThan(50);
    expect(
      results.flatMap((result) =>
        result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
      ),
    ).toEqual([]);
  });
});

function without(type: ObjectTypeDefinitionNode, field: string): ObjectTypeDefinitionNode {
  return { ...type, fields: type.fields?.filter((candidate) => candidate.name.value !== field) };
}

function isBreaking(change: Change): boolean {
  return change.criticality.level === CriticalityLevel.Breaking;
}
