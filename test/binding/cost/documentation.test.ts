import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { bindApi } from '../../../src/binding/bind-schema.js';
import { MAX_COST, WEIGHTS } from '../../../src/binding/cost/weights.js';
import { SETTINGS, type Variable } from '../../../src/kernel/config/settings.js';
import { ERROR_CODES } from '../../../src/kernel/error-codes.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS } from '../zoo-schema.js';

const page = await readFile(join(import.meta.dirname, '../../../docs/cost.md'), 'utf8');
const blocks = [
  ...page.matchAll(
    /<!-- run by test\/binding\/cost\/documentation\.test\.ts -->\n```graphql\n([\s\S]*?)\n```/g,
  ),
].map(([, block]) => String(block));

async function bind(text: string) {
  return bindApi({
    sdl: [{ path: 'docs/cost.md', text }],
    graph: await domainGraph(),
    limits: LIMITS,
    resolvers: {
      Query: Object.fromEntries(
        ['search', 'animals', 'report', 'forecast']
          .filter((name) => text.includes(`  ${name}`))
          .map((name) => [name, () => null]),
      ),
    },
  });
}

describe('docs/cost.md', () => {
  it('shows directives that are bound as it says, and a query that costs what it says', async () => {
    const [sdl = '', query = ''] = blocks;
    const { schema, costs } = await bind(sdl);
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    expect(costs.measure(document, null, {})).toMatchObject({
      cost: 5 + 3 * 4 + 12 + 2 + 1,
      fields: [
        { key: 'search', cost: 17 },
        { key: 'animals', cost: 12 },
        { key: 'report', cost: 3 },
      ],
    });
  });

  it('shows a limit by tier', async () => {
    const { costs } = await bind(blocks[2] ?? '');
    expect(costs.measure(parse('{ forecast }'), null, {})?.fieldCharges).toEqual([
      {
        coordinate: 'Query.forecast',
        durationSeconds: 3600,
        limits: { anonymous: 10, authenticated: 10, premium: 60, staff: 60 },
        amount: 1,
      },
    ]);
  });

  it('states the weights there are, and where costs end', () => {
    const row = (name: string) => Number(new RegExp(`^\\| ${name}.*? \\| (\\d+)`, 'm').exec(page)?.[1]);
    expect({
      leaf: row('a scalar'),
      object: row('an object'),
      count: row('a count'),
      aggregate: row('an aggregate'),
      mutation: row('a field of `Mutation`'),
      introspectedSchema: row('`__schema`'),
      introspectedType: row('`__type`'),
    }).toEqual(WEIGHTS);
    expect(page).toContain(MAX_COST.toLocaleString('en'));
  });

  it('states the settings of all bounds and of admission with their defaults, and codes that there are', () => {
    const stated = [...page.matchAll(/`(SLUICE_(?:HTTP_MAX|HTTP_REQUEST|ADMISSION)_\w+)` \| (\d+)/g)];
    for (const [, name, value] of stated)
      expect([name, SETTINGS[name as Variable].default]).toEqual([name, Number(value)]);
    const names = new Set(stated.map(([, name]) => name));
    const all = Object.keys(SETTINGS).filter((name) => /^SLUICE_(HTTP_MAX|ADMISSION)_/.test(name));
    expect(all.filter((name) => !names.has(name))).toEqual([]);
    for (const [, code = ''] of page.matchAll(/`([A-Z]+_(?:EXCEEDED|LIMITED|TIMEOUT|FAILED|LARGE|INPUT))`/g))
      expect(Object.keys(ERROR_CODES)).toContain(code);
  });
});
