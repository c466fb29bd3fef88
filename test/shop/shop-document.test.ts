import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LiveShop, openLiveShop, ROOT } from './clients/live-shop.js';
import { fillWithDesks } from './desks.js';

/** An operation of the document, with the answer that stands below it. */
interface Example {
  readonly heading: string;
  readonly query: string;
  readonly variables: object | undefined;
  /** A user's key, `staff`, or null for a guest. */
  readonly viewer: string | null;
  readonly answer: unknown;
}

const page = await readFile(join(ROOT, 'docs', 'shop.md'), 'utf8');
const examples = readExamples(page);

describe('docs/shop.md', () => {
  let shop: LiveShop;
  beforeAll(async () => {
    shop = await openLiveShop({ SLUICE_IDENTITY_SESSION_SECRET: 'a secret of 32 characters or more' });
    await fillWithDesks(shop.prisma);
  }, 60_000);
  afterAll(() => shop.close());

  it('has an example in each section that shows something', () => {
    expect(new Set(examples.map((example) => example.heading)).size).toBeGreaterThanOrEqual(8);
  });

  // In the document's order: what one example buys, the next can't.
  it.each(examples.map((example) => [`${example.heading}: ${nameOf(example.query)}`, example] as const))(
    'tells the truth under %s',
    async (_name, { query, variables, viewer, answer }) => {
      const token = viewer === null ? undefined : await signIn(viewer);
      const { status, data, errors } = await shop.ask(query, { variables, token });
      expect(status).toBe(200);
      const shown = errors?.map(({ message, path, extensions }) => ({ message, path, extensions }));
      expect({ data, ...(shown && { errors: shown }) }).toEqual(answer);
    },
  );

  it('shows commands that sign in and out, with their answers', async () => {
    const script =
      /^<!-- run by test\/shop\/shop-document\.test\.ts -->\n```sh\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';
    const answers = [...script.matchAll(/^# (.*)$/gm)].map(([, answer]) => answer);
    expect(answers).toHaveLength(3);
    const directory = await mkdtemp(join(tmpdir(), 'sluice-shop-document-'));
    try {
      // Beside the server, which runs in this process.
      const command = script.replaceAll('localhost:4000', new URL(shop.origin).host);
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { cwd: directory });
      expect(stdout.trim().split(/\n|(?<=\})(?=\{"data")/)).toEqual(answers);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  const signIn = (viewer: string) =>
    viewer === 'staff' ? shop.signIn({ userId: 'till-3', tier: 'staff' }) : shop.signIn({ userId: viewer });
});

function nameOf(query: string): string {
  return /^\s*(?:query|mutation) (\w+)/.exec(query)?.[1] ?? query.replace(/\s+/g, ' ').slice(0, 40);
}

function readExamples(text: string): Example[] {
  const blocks = [...text.matchAll(/^#+ (.+)$|^```(graphql|json) ?(.*)\n([\s\S]*?)^```$/gm)];
  const found: Example[] = [];
  let heading = '';
  let open = null as Omit<Example, 'answer'> | null;
  for (const [, title, language, info = '', body = ''] of blocks) {
    if (title !== undefined) {
      heading = title;
    } else if (language === 'graphql') {
      if (open !== null) throw new Error(`An example under "${open.heading}" has no answer`);
      open = { heading, query: body, variables: undefined, viewer: /^as=(\w+)$/.exec(info)?.[1] ?? null };
    } else if (open === null) {
      throw new Error(`An answer under "${heading}" belongs to no example`);
    } else if (info === 'variables') {
      open = { ...open, variables: JSON.parse(body) };
    } else {
      found.push({ ...open, answer: JSON.parse(body) });
      open = null;
    }
  }
  return found;
}
