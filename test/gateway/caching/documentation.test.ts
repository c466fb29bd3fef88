import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SETTINGS } from '../../../src/kernel/config/settings.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { openCachedZoo, signedIn } from './cached-zoo.js';
import { app } from './snippets/hints-app.js';
import warming from './snippets/warming-app.js';

const ROOT = join(import.meta.dirname, '../../..');
const SNIPPETS = 'test/gateway/caching/snippets';
const FILES = ['hints.graphql', 'hints-app.ts', 'warming-app.ts'];

const read = (path: string) => readFile(join(ROOT, path), 'utf8');

let page: string;
beforeAll(async () => {
  page = await read('docs/cache.md');
});

describe('docs/cache.md', () => {
  it('shows hints and an app that do what the page says', async () => {
    for (const file of FILES.map((name) => `${SNIPPETS}/${name}`)) {
      const block = page.split(`<!-- ${file} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)\n```/)?.[1];
      expect(block).toBe((await read(file)).trimEnd());
    }
    const zoo = await openCachedZoo({ sdl: await read(`${SNIPPETS}/hints.graphql`), app });
    const node = await zoo.openNode();
    const headers = { 'accept-language': 'de', ...(await signedIn('1', 'staff')) };
    const queries: readonly (readonly [string, unknown, string])[] = [
      ['{ greeting }', { greeting: 'Hallo' }, 'hit'],
      ['{ rounds { name } }', expect.objectContaining({ rounds: expect.any(Array) }), 'hit'],
      [
        '{ animals(first: 1) { name forecast } }',
        { animals: [{ name: 'Leo', forecast: 'Leo will sleep' }] },
        'hit',
      ],
    ];
    for (const [query, data, cache] of queries) {
      await node.ask(query, { headers });
      const again = await node.ask(query, { headers });
      expect([query, again.body.data, again.cache]).toEqual([query, data, cache]);
    }
    const told = await node.ask('{ animals(first: 1) { name } }', { headers: { 'sluice-explain': '1' } });
    expect(told.body.extensions.cache.policy).toMatchObject({ maxAgeSeconds: 60, cache: 'catalog' });
    const ttl = (await node.ask('{ animals(first: 1) { forecast } }')).headers.get('cache-status') ?? '';
    expect(Number(/ttl=(\d+)/.exec(ttl)?.[1])).toBeLessThanOrEqual(60);
    const { caches } = (await node.ask('{ caches { name maxBytes maxAge } }', { headers })).body.data;
    expect(caches).toContainEqual({ name: 'catalog', maxBytes: 268_435_456, maxAge: 3_600 });
    await zoo.close();
  });

  it('shows an app that fills the cache before its server listens', async () => {
    const zoo = await openCachedZoo();
    const node = await zoo.openNode(null, {}, { cacheWarming: warming.cacheWarming });
    const filled = node.log.lines.find(({ msg }) => msg === 'The cache was filled');
    expect(filled).toMatchObject({ kept: 2, refused: 0 });
    await zoo.close();
  });

  it('names every setting and every metric of the cache', async () => {
    for (const name of Object.keys(SETTINGS).filter((each) => each.startsWith('SLUICE_CACHE'))) {
      expect([name, page.includes(`\`${name}\``)]).toEqual([name, true]);
    }
    const { registry } = createMetrics();
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const ours = names.filter((name) => name.startsWith('sluice_cache_'));
    expect(ours.length).toBeGreaterThanOrEqual(9);
    expect(ours.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });
});
