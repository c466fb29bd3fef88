import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SETTINGS } from '../../../src/kernel/config/settings.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { openCachedZoo, signedIn } from '../caching/cached-zoo.js';
import { followJob } from './snippets/follow-job.js';
import app from './snippets/jobs-app.js';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = 'test/gateway/jobs/snippets';
const read = (path: string) => readFile(join(ROOT, path), 'utf8');

describe('docs/jobs.md', () => {
  it.each(['herds.graphql', 'jobs-app.ts', 'follow-job.ts'])('shows %s as it is', async (name) => {
    const page = await read('docs/jobs.md');
    const block = page.split(`<!-- ${FOLDER}/${name} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)\n```/)?.[1];
    expect(block).toBe((await read(`${FOLDER}/${name}`)).trimEnd());
  });

  it('shows an app whose fields and jobs work as it says', async () => {
    // Whoever opens a node asks for animals.
    const sdl = `${await read(`${FOLDER}/herds.graphql`)}
      extend type Query { animals: [Animal!]! @model @cacheControl(maxAge: 60) } type Animal { id: ID! }`;
    const zoo = await openCachedZoo({ sdl, app });
    try {
      const node = await zoo.openNode(testRedisUrl(), { SLUICE_JOBS: 'on' });
      const headers = await signedIn('1', 'staff');
      const ask = async () =>
        (await node.ask('{ herds { id state result { taxon { name } animals } } }', { headers })).body.data
          .herds;
      await until('it is computed', async () => (await ask()).state === 'COMPLETED');
      const { id, result } = await ask();
      expect(result[0]).toMatchObject({ taxon: { name: expect.any(String) }, animals: expect.any(Number) });
      const token = headers.authorization!.slice('Bearer '.length);
      expect(await followJob(node.url, id, token)).toMatchObject({
        state: 'COMPLETED',
        result: result.map(({ animals }: any) => ({ animals })),
      });
    } finally {
      await zoo.close();
    }
  });

  it('names every setting and every metric of jobs and subscriptions', async () => {
    const page = await read('docs/jobs.md');
    const settings = Object.keys(SETTINGS).filter((name) => /^SLUICE_(JOBS|SUBSCRIPTIONS)/.test(name));
    const metrics = (await createMetrics().registry.getMetricsAsJSON()).map(({ name }) => name);
    const names = [...settings, ...metrics.filter((name) => /^sluice_(jobs|subscriptions)_/.test(name))];
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });
});
