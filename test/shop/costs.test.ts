import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import type { BoundApi } from '../../src/binding/bind-schema.js';
import { bindProject, loadProject } from '../../src/cli/load-project.js';
import { findProject } from '../../src/cli/project.js';
import { DEFAULT_TIERS } from '../../src/identity/tiers.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { examples } from '../../src/shop/examples.js';

const ROOT = join(import.meta.dirname, '../..');
const [ANONYMOUS] = DEFAULT_TIERS;

let api: BoundApi;
beforeAll(async () => {
  const project = findProject({ root: ROOT, codeDirectory: join(ROOT, 'src') });
  api = bindProject(await loadProject(project), readConfig({}).reads);
});

function costOf(query: string, variables: object = {}): number {
  const document = parse(query);
  expect(validate(api.schema, document)).toEqual([]);
  return api.costs.measure(document, null, { ...variables })!.cost;
}

describe("the shop's queries", () => {
  it("cost a fraction of what one operation of anybody's may", () => {
    const costs = Object.fromEntries(
      examples.map(({ name, query, variables }) => [name, costOf(query, variables)]),
    );
    expect(costs).toEqual({
      'Featured categories': 14,
      'A page of products': 13,
      Search: 18,
      Filters: 30,
      'A guest fills a cart': 51,
    });
  });

  it('in docs/shop.md fit into what anybody may spend at once', async () => {
    const page = await readFile(join(ROOT, 'docs/shop.md'), 'utf8');
    const queries = [...page.matchAll(/^```graphql.*\n([\s\S]*?)^```$/gm)].map(([, query]) => String(query));
    expect(queries.length).toBeGreaterThan(5);
    const costs = queries.map((query) => costOf(query));
    expect(Math.max(...costs)).toBeLessThan(ANONYMOUS!.maxOperationCost / 4);
  });

  it('fit as a page of a shop does: products with pictures and some reviews of each', () => {
    const text = `{ products { nodes { name price category { name } images { url }
      reviews(first: 2) { nodes { rating title author { name } } } } } }`;
    expect(costOf(text)).toBe(20 * (1 + 1 + 8 + 2 * 2));
  });

  it('pay for a sign-in what deriving a hash is worth, ten times in an hour', () => {
    const text =
      'mutation ($input: SignInInput!) { a: signIn(input: $input) { user { id } } b: signIn(input: $input) { user { id } } }';
    expect(costOf(text)).toBe(2 * (100 + 1));
    expect(api.costs.measure(parse(text), null, {})!.fieldCharges).toEqual([
      {
        coordinate: 'Mutation.signIn',
        durationSeconds: 3600,
        limits: { anonymous: 10, authenticated: 10, premium: 10, staff: 10 },
        amount: 2,
      },
    ]);
  });

  it('take from the limit of the search by its aliases', () => {
    const text =
      '{ a: searchProducts(text: "a") { totalCount } b: searchProducts(text: "b") { totalCount } }';
    expect(api.costs.measure(parse(text), null, {})!.fieldCharges).toEqual([
      {
        coordinate: 'Query.searchProducts',
        durationSeconds: 60,
        limits: { anonymous: 20, authenticated: 60, premium: 60, staff: 600 },
        amount: 2,
      },
    ]);
  });
});
