import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

it('docs/clients.md shows files that the tests run, and nothing else', async () => {
  const page = await readFile(join(ROOT, 'docs/clients.md'), 'utf8');
  const blocks = [...page.matchAll(/<!-- (part of )?(\S+) -->\n```\w+\n([\s\S]*?)\n```/g)];
  expect(blocks.length).toBe(page.match(/^```\w+$/gm)?.length);
  for (const [, isPart, path, shown] of blocks) {
    const text = (await readFile(join(ROOT, String(path)), 'utf8')).trimEnd();
    if (isPart === undefined) expect(shown).toBe(text);
    else expect(text).toContain(shown);
  }
});
