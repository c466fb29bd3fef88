import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findCommand } from '../../src/embedded/process-table.js';
import { type EmbeddedRedis, startEmbeddedRedis } from '../../src/embedded/redis-server.js';
import { makeTemporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

const folder = makeTemporaryFolder();
const directory = join(folder.path, 'redis');
const path = process.env.PATH ?? '';
afterAll(() => folder.remove());

async function start(): Promise<EmbeddedRedis> {
  const redis = await startEmbeddedRedis({ directory, path });
  if (redis === null) throw new Error('There is no redis-server on the PATH');
  return redis;
}

async function ask<Result>(url: string, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: null, disconnectTimeout: 50 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const readPid = (): number => Number.parseInt(readFileSync(join(directory, 'redis.pid'), 'utf8'), 10);

describe('The embedded Redis of a folder', () => {
  it('keeps its data, port and password', async () => {
    const first = await start();
    await ask(first.url, (redis) => redis.set('kept', '42'));
    expect(await ask(first.url, (redis) => redis.info('server'))).toContain(`redis_version:${first.version}`);
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, (redis) => redis.get('kept'))).toBe('42');
    await second.stop();
  });

  it('lets in nobody without the password, which no list of processes shows', async () => {
    const redis = await start();
    expect(statSync(`${directory}.json`).mode & 0o777).toBe(0o600);
    await expect(
      ask(redis.url.replace(/:[^:@]+@/, ':guessed@'), (client) => client.ping()),
    ).rejects.toThrow();
    expect(findCommand(readPid())).not.toContain(new URL(redis.url).password);
    await redis.stop();
  });

  it('throws nothing away when memory is short', async () => {
    const redis = await start();
    expect(await ask(redis.url, (client) => client.config('GET', 'maxmemory-policy'))).toContain(
      'noeviction',
    );
    await redis.stop();
  });

  it('is started once at a time', async () => {
    const redis = await start();
    await expect(start()).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    await redis.stop();
  });

  it('moves to another port where its own is taken', async () => {
    const usual = await start();
    await usual.stop();
    const other = createServer().listen(usual.port, '127.0.0.1');
    await once(other, 'listening');
    const moved = await start();
    expect(moved.port).not.toBe(usual.port);
    await moved.stop();
    other.close();
  });

  it('takes the place of one that nobody stopped', async () => {
    const usual = await start();
    await usual.stop();
    const orphan = spawn(
      'redis-server',
      ['--port', String(usual.port), '--bind', '127.0.0.1', '--pidfile', join(directory, 'redis.pid')],
      { cwd: directory, stdio: 'ignore' },
    );
    await until('the orphan', () =>
      ask(`redis://127.0.0.1:${usual.port}`, (redis) => redis.ping()).then(
        () => true,
        () => false,
      ),
    );
    const exit = once(orphan, 'exit');
    const next = await start();
    await exit;
    expect(next.port).toBe(usual.port);
    await next.stop();
  });

  it('is none where no redis-server is on the path', async () => {
    const folders = ['', join(folder.path, 'nowhere'), join(folder.path, 'not-executable')];
    mkdirSync(folders[2]!);
    writeFileSync(join(folders[2]!, 'redis-server'), '#!/bin/sh\n', { mode: 0o644 });
    // For root, too, a file without any executable bit is none.
    expect(await startEmbeddedRedis({ directory, path: folders.join(':') })).toBeNull();
  });

  it.each([
    ['can not write its data', 'echo "Write error: No space left on device" >&2; exit 1', 'DISK_FULL'],
    ['is broken', 'echo "illegal instruction" >&2; exit 132', 'SERVICE_MISSING'],
  ])('says so where the program %s, and leaves the folder free', async (_, script, code) => {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'redis-server'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, 'redis-server'), 0o755);
    await expect(startEmbeddedRedis({ directory, path: bin })).rejects.toMatchObject({ code });
    await (await start()).stop();
  });
});
