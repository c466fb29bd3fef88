import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { findAccount } from '../../src/embedded/postgres-account.js';
import { findPostgresBinaries } from '../../src/embedded/postgres-binaries.js';
import { findRunningPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres-server.js';
import { findBirth } from '../../src/embedded/process-table.js';
import { compileEngine } from './compiled-engine.js';
import { makeTemporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

jest.setTimeout(120_000);

const folder = makeTemporaryFolder();
const directory = join(folder.path, '.sluice/postgres');
const data = join(directory, 'data');
afterAll(() => folder.remove());

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const readPid = (): number => Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10);

/** Starts it, hands its URL over, and stops it. */
async function withPostgres<Result>(work: (url: string, port: number) => Promise<Result>): Promise<Result> {
  const postgres = await startEmbeddedPostgres({ directory });
  try {
    return await work(postgres.adminUrl, postgres.port);
  } finally {
    await postgres.stop();
  }
}

describe('The embedded PostgreSQL of a folder', () => {
  it('is made on the first start, however an earlier attempt was cut off', async () => {
    mkdirSync(join(folder.path, '.sluice'));
    const said: string[] = [];
    const postgres = await startEmbeddedPostgres({ directory, onProgress: (message) => said.push(message) });
    expect(said).toEqual(['Creating the PostgreSQL data directory']);
    expect(await ask(postgres.adminUrl, 'SHOW server_version')).toBe(postgres.version);
    expect(await ask(postgres.adminUrl, 'SHOW server_encoding')).toBe('UTF8');
    await ask(postgres.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    await Promise.all([postgres.stop(), postgres.stop()]);
    expect(await postgres.ended).toContain('database system is shut down');
    expect(existsSync(join(data, 'postmaster.pid'))).toBe(false);
  });

  it('keeps its data, port and password', async () => {
    const [first, second] = [
      await withPostgres(async (url) => [url, await ask(url, 'SELECT n FROM kept')]),
      await withPostgres(async (url) => [url, await ask(url, 'SELECT n FROM kept')]),
    ];
    expect(first).toEqual([expect.any(String), 42]);
    expect(second).toEqual(first);
  });

  it('lets in nobody without the password, which only its owner may read', async () => {
    expect(statSync(`${directory}.json`).mode & 0o777).toBe(0o600);
    await withPostgres(async (url) => {
      const wrong = new URL(url);
      wrong.password = 'guessed';
      await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    });
  });

  it('moves to another port where its own is taken', async () => {
    const port = await withPostgres(async (_, usual) => usual);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await withPostgres(async (url, moved) => {
      expect(moved).not.toBe(port);
      expect(await ask(url, 'SELECT n FROM kept')).toBe(42);
    });
    other.close();
  });

  it('is started once at a time, and found by other commands meanwhile', async () => {
    await withPostgres(async (url) => {
      await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
      expect(findRunningPostgres(directory)).toBe(url);
    });
  });

  it('tells of its end when it is killed, and comes back with its data', async () => {
    const postgres = await startEmbeddedPostgres({ directory });
    process.kill(readPid(), 'SIGKILL');
    await postgres.ended;
    await postgres.stop();
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
  });

  it('starts over a note of a process whose id has gone to another', async () => {
    // As after a container's death: the id in the file is that of a process that lives.
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n0\n1\n\n127.0.0.1\n\nready\n`);
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
  });

  it('says so where its password is lost', async () => {
    const file = `${directory}.json`;
    const kept = readFileSync(file, 'utf8');
    rmSync(file);
    const fault = { code: 'DATABASE_UNREACHABLE', hint: expect.stringContaining(`rm -rf ${directory}`) };
    await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject(fault);
    expect(() => findRunningPostgres(directory)).toThrow(expect.objectContaining(fault));
    writeFileSync(file, kept, { mode: 0o600 });
  });

  it("tells PostgreSQL's own reason where it does not start", async () => {
    const file = join(data, 'PG_VERSION');
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, '9\n');
    await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: 'The embedded PostgreSQL does not start: database files are incompatible with server',
    });
    writeFileSync(file, kept);
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
  });
});

describe('Whoever starts it may die hard', () => {
  let child: ChildProcess;

  /** Another process of Node that starts the server and then only waits. */
  async function startElsewhere(): Promise<void> {
    const target = join(folder.path, 'elsewhere');
    if (!existsSync(target)) compileEngine(target, ['kernel', 'embedded']);
    const script = `
      const { startEmbeddedPostgres } = await import(${JSON.stringify(join(target, 'src/embedded/postgres-server.js'))});
      await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)} });
      console.log('started');
      setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout ?? process.stdin, 'data');
    expect(String(line)).toBe('started\n');
  }

  it('and the server goes with it, to come back at the next start', async () => {
    await startElsewhere();
    const pid = readPid();
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(`(process ${child.pid})`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until('the end of the server', () => findBirth(pid) === null);
    expect(existsSync(join(data, 'postmaster.pid'))).toBe(false);
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
  });

  it('and a start at once waits for the end of the old server', async () => {
    await startElsewhere();
    const pid = readPid();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
    expect(findBirth(pid)).toBeNull();
  });

  it('and a server that nobody stopped is stopped first', async () => {
    const account = findAccount(data);
    const { postgres } = findPostgresBinaries(account);
    const port = await withPostgres(async (_, usual) => usual);
    const orphan = spawn(postgres, ['-D', data, '-p', String(port), '-c', 'unix_socket_directories='], {
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...account,
    });
    let output = '';
    orphan.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    await until('the orphan', () => output.includes('ready to accept connections'));
    expect(await withPostgres((url) => ask(url, 'SELECT n FROM kept'))).toBe(42);
    expect(orphan.exitCode).toBe(0);
  });
});

describe('A folder that only its owner may enter', () => {
  it("still gets a PostgreSQL, elsewhere where root's account for it can't go there", async () => {
    const closed = makeTemporaryFolder();
    const home = join(closed.path, 'home');
    mkdirSync(home, { mode: 0o700 });
    const inside = join(home, '.sluice/postgres');
    const postgres = await startEmbeddedPostgres({ directory: inside });
    expect(await ask(postgres.adminUrl, 'SELECT 1')).toBe(1);
    const where = await ask(postgres.adminUrl, 'SHOW data_directory');
    await postgres.stop();
    const isRoot = process.getuid?.() === 0;
    expect(lstatSync(inside).isSymbolicLink()).toBe(isRoot);
    if (isRoot) {
      expect(where).toMatch(/^\/var\/lib\/sluice\/home-/);
      rmSync(join(String(where), '..'), { recursive: true });
    }
    closed.remove();
  });
});
