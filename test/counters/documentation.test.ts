import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveCounter } from '../../src/counters/counter-definition.js';
import type { Counters } from '../../src/counters/counters.js';
import { SETTINGS } from '../../src/kernel/config/settings.js';
import { loadModelGraph } from '../../src/model/load-model-graph.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import app from './snippets/counters-app.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(ROOT, path), 'utf8');

describe('docs/counters.md', () => {
  it('shows an app that counts', async () => {
    const file = 'test/counters/snippets/counters-app.ts';
    const block = (await read('docs/counters.md'))
      .split(`<!-- ${file} -->\n`)[1]
      ?.match(/^```\w+\n([\s\S]*?)\n```/)?.[1];
    expect(block).toBe((await read(file)).trimEnd());
    const graph = await loadModelGraph(join(ROOT, 'src/generated/model-graph.json'));
    const [counter] = app.counters ?? [];
    expect(resolveCounter(counter!, graph, null)).toMatchObject({ name: 'productViews' });
    const counted: unknown[] = [];
    const counters: Counters = { add: async (...call) => void counted.push(call) };
    const mutations = (app.resolvers?.Mutation ?? {}) as Record<string, (...args: unknown[]) => unknown>;
    await mutations.recordProductView?.({}, { productId: 7 }, { counters });
    expect(counted).toEqual([['productViews', 7]]);
  });

  it('names every setting and every metric of counters', async () => {
    const page = await read('docs/counters.md');
    const settings = Object.keys(SETTINGS).filter((name) => name.startsWith('SLUICE_COUNTERS'));
    const metrics = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    const names = [...settings, ...metrics.filter((name) => name.startsWith('sluice_counters_'))];
    expect(names).toHaveLength(3);
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });
});
