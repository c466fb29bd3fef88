import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_TIERS, Tiers } from '../../src/identity/tiers.js';
import { SETTINGS } from '../../src/kernel/config/settings.js';
import { chargesFor } from '../../src/limits/charges-for.js';
import { LOG_LIMIT, SUB_BUCKETS } from '../../src/limits/windows/granule.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { partner } from './snippets/daily-window.js';

const ROOT = join(import.meta.dirname, '../..');

let page: string;
beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/limits.md'), 'utf8');
});

describe('docs/limits.md', () => {
  it('shows a tier with a window of a day that is one', async () => {
    const file = 'test/limits/snippets/daily-window.ts';
    const block = page.split(`<!-- ${file} -->\n`)[1]?.match(/^```ts\n([\s\S]*?)\n```/)?.[1];
    expect(block).toBe((await readFile(join(ROOT, file), 'utf8')).trimEnd());
    const tiers = new Tiers([...DEFAULT_TIERS, partner]);
    const rules = chargesFor(tiers.find('partner')!, { key: 'user:1' }, 1).map(({ rule }) => rule);
    expect(rules).toEqual(['requests:86400', 'requests:3600', 'requests:60', 'cost:60']);
  });

  it('names every setting of limits, with its default where that is a number', () => {
    for (const [name, setting] of Object.entries(SETTINGS)) {
      if (!name.startsWith('SLUICE_LIMITS')) continue;
      expect([name, page.includes(name)]).toEqual([name, true]);
      expect(setting.about).toBeTruthy();
    }
    expect(page).toContain(`up to ${LOG_LIMIT.toLocaleString('en')}`);
    expect(page).toContain(`${SUB_BUCKETS} parts of the window`);
  });

  it('lists every metric of limits', async () => {
    const { registry } = createMetrics();
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const ours = names.filter((name) => name.startsWith('sluice_limits_'));
    expect(ours.length).toBe(8);
    expect(ours.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });
});
