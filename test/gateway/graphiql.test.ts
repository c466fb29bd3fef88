import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { writeBuildFailure } from '../../src/gateway/graphiql/build-failure.js';
import { buildGraphiql } from '../../src/gateway/graphiql/build-graphiql.js';
import { openCachedZoo } from './caching/cached-zoo.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

const CHROMIUM = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
const EXAMPLES = [
  {
    name: 'A greeting',
    query: 'query Greeting($name: String) {\n  greeting(name: $name)\n}',
    variables: { name: 'you' },
  },
  { name: 'A planet', query: 'query Planet {\n  planet { name next { name } }\n}' },
];

let directory: string;
let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sluice-graphiql-'));
  directory = join(parent, 'graphiql');
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const fetchPage = (gateway: SmallGateway, path = '/graphiql') =>
  fetch(`${gateway.url}${path}`, { headers: { accept: 'text/html' } });

describe('Before GraphiQL is built', () => {
  it('a page says so and reloads itself', async () => {
    const gateway = await startSmallGateway({}, { graphiqlDirectory: join(parent, 'nothing') });
    try {
      const response = await fetchPage(gateway);
      const html = await response.text();
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(html).toContain('GraphiQL is being built');
      expect(html).toContain('http-equiv="refresh"');
    } finally {
      await gateway.close();
    }
  });

  it('a page says why it could not be, as text, and stays', async () => {
    const failed = join(parent, 'failed');
    await writeBuildFailure(failed, 'Cannot find <vite>');
    const gateway = await startSmallGateway({}, { graphiqlDirectory: failed });
    try {
      const html = await (await fetchPage(gateway)).text();
      expect(html).toContain('Cannot find &#60;vite&#62;');
      expect(html).not.toContain('http-equiv');
    } finally {
      await gateway.close();
    }
  });
});

describe("GraphiQL's token", () => {
  const secret = { SLUICE_IDENTITY_JWT_SECRET: 'x'.repeat(32) };
  async function readHeaders(env: Record<string, string>, headers: Record<string, string> = {}) {
    const gateway = await startSmallGateway({ ...env, SLUICE_HTTP_GRAPHIQL: 'on' });
    try {
      const { port } = new URL(gateway.url);
      const answer = await gateway.fastify.inject({
        url: '/graphiql/headers.json',
        headers: { host: `localhost:${port}`, ...headers },
      });
      expect(answer.headers['cache-control']).toBe('no-store');
      return answer.json();
    } finally {
      await gateway.close();
    }
  }

  it('is given on this machine', async () => {
    expect(await readHeaders(secret)).toEqual({ authorization: expect.stringMatching(/^Bearer /) });
    expect(await readHeaders(secret, { 'sec-fetch-site': 'same-origin' })).not.toEqual({});
  });

  it('is never given in production, on a database of yours, or without a secret', async () => {
    expect(await readHeaders({ ...secret, SLUICE_ENV: 'production' })).toEqual({});
    expect(await readHeaders({ ...secret, DATABASE_URL: 'postgresql://localhost/mine' })).toEqual({});
    expect(await readHeaders({})).toEqual({});
  });

  it('is not given to pages of other sites, also where their name leads here', async () => {
    const strangers: Record<string, string>[] = [
      { host: 'evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'http://localhost:3000' },
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=203.0.113.7' },
    ];
    for (const headers of strangers) expect(await readHeaders(secret, headers)).toEqual({});
  });
});

describe('Building GraphiQL', () => {
  it('happens once for the same sources', async () => {
    const messages: string[] = [];
    const onProgress = (message: string) => messages.push(message);
    expect(await buildGraphiql({ directory, onProgress })).toEqual({ wasBuilt: true });
    expect(messages).toEqual(['Building GraphiQL']);
    const { mtimeMs } = await stat(join(directory, 'index.html'));
    expect(await buildGraphiql({ directory, onProgress })).toEqual({ wasBuilt: false });
    expect(messages).toHaveLength(1);
    expect((await stat(join(directory, 'index.html'))).mtimeMs).toBe(mtimeMs);
    // Nothing is left of the way there.
    expect((await readdir(parent)).filter((name) => name.includes('.tmp'))).toEqual([]);
  }, 60_000);

  it('needs nothing from another host', async () => {
    const html = await readFile(join(directory, 'index.html'), 'utf8');
    expect(html.match(/(?:src|href)="(?!\/graphiql\/)/g)).toBeNull();
  });

  it('fails in one sentence, which the waiting page repeats', async () => {
    const sourceDirectory = join(parent, 'broken-source');
    await mkdir(sourceDirectory);
    await writeFile(join(sourceDirectory, 'index.html'), '<script type="module" src="./gone.js"></script>');
    const target = join(parent, 'broken');
    await expect(buildGraphiql({ directory: target, sourceDirectory })).rejects.toMatchObject({
      code: 'GRAPHIQL_BUILD_FAILED',
      message: expect.stringContaining('gone.js'),
    });
    const gateway = await startSmallGateway({}, { graphiqlDirectory: target });
    try {
      expect(await (await fetchPage(gateway)).text()).toContain('gone.js');
    } finally {
      await gateway.close();
    }
  }, 60_000);

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const target = join(parent, 'stopped');
    const built = buildGraphiql({
      directory: target,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(built).rejects.toMatchObject({ name: 'AbortError' });
    expect((await readdir(parent)).filter((name) => name.startsWith('stopped'))).toEqual([]);
  });
});

describe('GraphiQL in a browser', () => {
  let gateway: SmallGateway;
  let browser: Browser;
  beforeAll(async () => {
    await buildGraphiql({ directory });
    gateway = await startSmallGateway(
      { SLUICE_IDENTITY_JWT_SECRET: 'x'.repeat(32) },
      { graphiqlDirectory: directory, app: { examples: EXAMPLES } },
    );
    browser = await chromium.launch(CHROMIUM);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  /** Opens GraphiQL of the small gateway or of another one; whatever the page complains of, or asks of another host, is collected. */
  async function open(viewport: { width: number; height: number }, url = gateway.url) {
    const context = await browser.newContext({ viewport });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== url) complaints.push(request.url());
    });
    await page.goto(url);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    return { page, context, complaints };
  }

  const response = (page: Page) => page.locator('section.result-window');

  async function typeQuery(page: Page, query: string): Promise<void> {
    await page.locator('.graphiql-query-editor .view-lines').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(query);
  }

  it('answers a typed query, asks no other host and breaks no rule of its policy', async () => {
    const { page, context, complaints } = await open({ width: 1280, height: 800 });
    expect(await page.title()).toBe('Sluice · GraphiQL');
    await page.getByRole('button', { name: /new tab/i }).click();
    await typeQuery(page, '{ greeting(name: "browser") }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('Hello, browser!').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);

  it('is served so that browsers keep its files, and nothing outside of them', async () => {
    const html = await (await fetchPage(gateway)).text();
    const [asset] = /\/graphiql\/assets\/index-[\w-]+\.js/.exec(html) ?? [];
    const script = await fetchPage(gateway, asset);
    expect(script.status).toBe(200);
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of ['nothing.js', '..%2fstamp.txt', '..%2f..%2fgraphiql%2fstamp.txt']) {
      const response = await fetchPage(gateway, `/graphiql/assets/${path}`);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.json()).toMatchObject({ errors: [expect.anything()] });
    }
    const page = await fetchPage(gateway, '/graphiql/');
    expect(page.status).toBe(200);
    expect(await (await fetchPage(gateway, '/graphiql/examples.json')).json()).toEqual(EXAMPLES);
    expect((await fetchPage(gateway, '/graphiql/favicon.svg')).headers.get('content-type')).toContain(
      'image/svg',
    );
  });

  it("opens with the app's examples, variables included", async () => {
    const { page, context } = await open({ width: 1280, height: 800 });
    for (const name of ['Greeting', 'Planet']) {
      await page.getByRole('tab', { name }).waitFor();
    }
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('Hello, you!').waitFor();
    await context.close();
  }, 60_000);

  it('asks as staff in development, in every tab and after a reload', async () => {
    const { page, context } = await open({ width: 1280, height: 800 });
    await typeQuery(page, '{ viewer { tier } }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('staff').waitFor();
    await page.getByRole('button', { name: /new tab/i }).click();
    await typeQuery(page, '{ viewer { id tier } }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('staff').waitFor();
    await page.reload();
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('staff').waitFor();
    await context.close();
  }, 60_000);

  it('opens an example once more from the side bar', async () => {
    const { page, context } = await open({ width: 1280, height: 800 });
    await page.getByRole('button', { name: /show examples/i }).click();
    await page.getByRole('button', { name: 'A planet' }).click();
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('Mars').first().waitFor();
    await page.getByRole('tab', { name: 'Planet' }).nth(1).waitFor();
    await context.close();
  }, 60_000);

  it('remembers what was typed, and opens no tab twice', async () => {
    const { page, context } = await open({ width: 1280, height: 800 });
    await typeQuery(page, '{ greeting(name: "kept") }');
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('Hello, kept!').waitFor();
    const deadline = Date.now() + 10_000;
    while (!String(await page.evaluate(`localStorage.getItem('graphiql:tabState')`)).includes('kept')) {
      if (Date.now() > deadline) throw new Error('GraphiQL did not remember its tabs');
    }
    await page.reload();
    await page.locator('.graphiql-query-editor').getByText('"kept"').waitFor();
    expect(await page.getByRole('tab').count()).toBe(EXAMPLES.length);
    await context.close();
  }, 60_000);

  it('tells what the cache had to do with an answer while the panel is open, on a phone too', async () => {
    const zoo = await openCachedZoo({ graphiqlDirectory: directory });
    const { url } = await zoo.openNode();
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 390, height: 844 },
    ]) {
      const { page, context, complaints } = await open(viewport, url);
      const panel = page.getByRole('region', { name: 'Cache' });
      const run = () => page.getByRole('button', { name: /execute query/i }).click();
      await typeQuery(page, '{ unhinted animals(first: 2) { name note } }');
      await run();
      await response(page).getByText('Leonie').waitFor();
      expect(await panel.count()).toBe(0);
      await page.getByRole('button', { name: /show cache/i }).click();
      await panel.getByRole('button', { name: 'Ask and explain' }).click();
      await panel.getByText('Animal:1').waitFor();
      await panel.getByText('30 s · decides').waitFor();
      expect(await panel.getByText('Query.unhinted has no maxAge').count()).toBe(1);
      expect(await response(page).getByText('extensions').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      expect(complaints).toEqual([]);
      await context.close();
    }
    await zoo.close();
  }, 60_000);

  it('fits a phone: the answer below the query, panels that give way, nothing beyond the edge', async () => {
    const { page, context, complaints } = await open({ width: 390, height: 844 });
    await page.getByRole('button', { name: /show examples/i }).click();
    await page.getByRole('button', { name: 'A planet' }).click();
    await page.getByRole('button', { name: /execute query/i }).click();
    await response(page).getByText('Mars').first().waitFor();
    const editor = await page.locator('.graphiql-query-editor').boundingBox();
    const answer = await response(page).boundingBox();
    expect(answer?.y).toBeGreaterThanOrEqual((editor?.y ?? 0) + (editor?.height ?? 0));
    expect(answer?.width).toBeGreaterThan(300);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);
});
