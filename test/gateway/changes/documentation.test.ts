import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testRedisUrl } from '../../services/database.js';
import { type FollowedZoo, openFollowedZoo, type ZooNode } from './followed-zoo.js';
import { createSessionFetch } from './snippets/read-your-writes.js';

const ROOT = join(import.meta.dirname, '../../..');

let page: string;
let zoo: FollowedZoo;
beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/freshness.md'), 'utf8');
  zoo = await openFollowedZoo();
});
afterAll(() => zoo.close());

/** The block of code below a comment. */
function findBlock(comment: string): string {
  const block = page.split(`<!-- ${comment} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)\n```/);
  if (block?.[1] === undefined) throw new Error(`docs/freshness.md has no block for ${comment}`);
  return block[1];
}

async function post(node: ZooNode, fetch: typeof globalThis.fetch, query: string): Promise<unknown> {
  const response = await fetch(`${node.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('docs/freshness.md', () => {
  it('shows a fetch that reads its own writes on another node', async () => {
    const file = 'test/gateway/changes/snippets/read-your-writes.ts';
    expect(findBlock(file)).toBe((await readFile(join(ROOT, file), 'utf8')).trimEnd());
    const [one, other] = await Promise.all([zoo.openNode(testRedisUrl()), zoo.openNode(testRedisUrl())]);
    const sent: (string | null)[] = [];
    const session = createSessionFetch((input, init) => {
      sent.push(new Headers(init?.headers).get('sluice-position'));
      return fetch(input, init);
    });
    await post(one, session, 'mutation { rename(id: 1, name: "Leo II") }');
    expect(await post(other, session, '{ name(id: 1) mayUseCaches }')).toEqual({
      data: { name: 'Leo II', mayUseCaches: true },
    });
    expect(sent).toEqual([null, expect.stringMatching(/^\w+:\d+:/)]);
  });

  it('names grants with which a server can run as a role that owns nothing', async () => {
    const role = `app_${Date.now()}`;
    await zoo.client.query(`CREATE ROLE ${role} LOGIN`);
    try {
      await zoo.client.query(
        findBlock('run by test/gateway/changes/documentation.test.ts').replaceAll('app;', `${role};`),
      );
      await zoo.client.query(`GRANT USAGE ON SCHEMA zoo, records TO ${role}`);
      await zoo.client.query(`GRANT SELECT, UPDATE ON zoo.animals TO ${role}`);
      const node = await zoo.openNode(testRedisUrl(), {}, role);
      const answer = await node.ask('mutation { rename(id: 2, name: "Leonie II") }');
      expect(answer).toMatchObject({ status: 200, data: { rename: 'Leonie II' } });
      expect(answer).not.toHaveProperty('extensions');
      expect(answer.headers.get('sluice-position')).not.toBeNull();
      await node.close();
    } finally {
      await zoo.client.query(`DROP OWNED BY ${role}`);
      await zoo.client.query(`DROP ROLE ${role}`);
    }
  });

  it('lists every metric of changes', async () => {
    const node = await zoo.openNode(testRedisUrl());
    const text = await (await fetch(`${node.url}/metrics`)).text();
    const names = [...text.matchAll(/^# TYPE (sluice_changes_\w+)/gm)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(9);
    expect(names.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });
});
