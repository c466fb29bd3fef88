import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { findCommand } from '../../src/embedded/process-table.js';
import { until } from '../embedded/until.js';
import { copyProject, type ProjectCopy } from './project-copy.js';
import { runBootstrap } from './run-bootstrap.js';
import { type SpawnedStart, spawnStart } from './spawned-start.js';

// Installs nothing, but generates, builds, makes a database and fills it.
jest.setTimeout(180_000);

let clone: ProjectCopy;
let running: SpawnedStart | null = null;
beforeAll(async () => {
  clone = await copyProject({ packages: 'linked' });
});
afterAll(async () => {
  running?.killHard();
  await running?.ended;
  await until('the end of all that was started', () => listProcesses().length === 0);
  await clone.remove();
});

async function start(): Promise<SpawnedStart> {
  running = await spawnStart(clone.root);
  return running;
}

async function stop(server: SpawnedStart): Promise<void> {
  server.pressCtrlC();
  await server.ended;
  running = null;
}

async function ask(url: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** The command line of every process of the machine that names the folder. */
function listProcesses(): string[] {
  // Not every Linux has ps; nothing but Linux has /proc.
  const commands = existsSync('/proc/self/cmdline')
    ? readdirSync('/proc').map((name) => (/^\d+$/.test(name) ? (findCommand(Number(name)) ?? '') : ''))
    : execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  return commands.filter((command) => command.includes(clone.root));
}

const PRODUCT =
  '{ products(first: 1) { nodes { id name category { name } reviews(first: 1) { nodes { title } } } } }';
let firstAnswer: unknown;

describe('npm start in an empty folder', () => {
  it('gets to an answered nested query, and shows how to ask one', async () => {
    const server = await start();
    firstAnswer = await ask(server.url, PRODUCT);
    expect(firstAnswer).toEqual({
      data: {
        products: {
          nodes: [
            {
              id: expect.any(String),
              name: expect.any(String),
              category: { name: expect.any(String) },
              reviews: { nodes: expect.any(Array) },
            },
          ],
        },
      },
    });

    // The banner's command does what it says.
    const { stdout } = server.outputs;
    const command = /^curl .*$/m.exec(stdout)?.[0] ?? '';
    const shown = /^\{"data".*$/m.exec(stdout)?.[0] ?? '';
    expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).trim()).toBe(shown);
    expect(shown.length).toBeGreaterThan(50);

    // And so does README's.
    const readme = readFileSync(join(clone.root, 'README.md'), 'utf8');
    const asked = /^curl [\s\S]*?'$/m.exec(readme.split('```sh')[2] ?? '')?.[0] ?? '';
    const promised = /^\{"data".*$/m.exec(readme)?.[0] ?? '';
    const answer = execFileSync(
      '/bin/sh',
      ['-c', asked.replace('localhost:4000', new URL(server.url).host)],
      {
        encoding: 'utf8',
      },
    );
    expect(answer.trim()).toBe(promised);

    await stop(server);
    expect(listProcesses()).toEqual([]);
  });

  it('does nothing twice the second time, and keeps the data', async () => {
    const server = await start();
    expect(server.outputs.stderr).not.toMatch(/Installing|Generating|Building|Creating|Migrating|Seed/);
    expect(await ask(server.url, PRODUCT)).toEqual(firstAnswer);

    // A second one of the same folder is refused without harm to the first.
    const second = await runBootstrap(clone.root, ['start'], { env: { PORT: '0' } });
    expect([second.code, second.stderr]).toEqual([
      1,
      expect.stringMatching(
        /^✗ Sluice is already running in this folder \(process \d+\)[^\n]*\n {2}[^\n]+\n$/,
      ),
    ]);
    expect(await ask(server.url, PRODUCT)).toEqual(firstAnswer);
    await stop(server);
  });

  it('comes back after it was killed with everything that it had to hand', async () => {
    const server = await start();
    server.killHard();
    await server.ended;
    const next = await start();
    expect(await ask(next.url, PRODUCT)).toEqual(firstAnswer);
    await stop(next);
    expect(listProcesses()).toEqual([]);
    expect(existsSync(join(clone.root, '.sluice/postgres/data/postmaster.pid'))).toBe(false);
  });

  it('says in one sentence that its port is taken, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await runBootstrap(clone.root, ['start'], { env: { PORT: String(port) } });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^✗ [^\\n]*${port}[^\\n]*\\n {2}[^\\n]+\\n$`));
    expect(listProcesses()).toEqual([]);
  });
});
