import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeFolderLock } from '../../src/embedded/folder-lock.js';
import { findBirth, findCommand } from '../../src/embedded/process-table.js';
import { makeTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

let folder: TemporaryFolder;
let file: string;
beforeEach(() => {
  folder = makeTemporaryFolder();
  file = join(folder.path, 'deep/postgres.lock');
});
afterEach(() => folder.remove());

async function runToDeath(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('A folder', () => {
  it('belongs to one process at a time', () => {
    const lock = takeFolderLock(file, 'PostgreSQL');
    expect(() => takeFolderLock(file, 'PostgreSQL')).toThrow(
      expect.objectContaining({
        code: 'ALREADY_RUNNING',
        message: `Sluice is already running in this folder (process ${process.pid}, this one) and uses its PostgreSQL`,
        hint: expect.stringContaining('stop it first'),
      }),
    );
    lock.release();
    takeFolderLock(file, 'PostgreSQL').release();
    expect(readdirSync(join(folder.path, 'deep'))).toEqual([]);
  });

  it('names the other process that has it', async () => {
    const other = spawn('sleep', ['60']);
    await until('the process', () => findCommand(other.pid ?? 0)?.startsWith('sleep') === true);
    takeFolderLock(file, 'Redis').release();
    writeFileSync(file, JSON.stringify({ pid: other.pid, birth: findBirth(other.pid ?? 0) }));
    expect(() => takeFolderLock(file, 'Redis')).toThrow(`(process ${other.pid}) and uses its Redis`);
    other.kill();
    await once(other, 'exit');
    takeFolderLock(file, 'Redis').release();
  });

  it.each([
    ['is gone', async () => ({ pid: await runToDeath(), birth: 'then' })],
    ['has another process’s id now', async () => ({ pid: process.pid, birth: 'long ago' })],
    ['left something else', async () => ({ pid: 'x' })],
  ])('is taken over from a holder that %s', async (_, makeHolder) => {
    takeFolderLock(file, 'Redis').release();
    writeFileSync(file, JSON.stringify(await makeHolder()));
    const lock = takeFolderLock(file, 'Redis');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over where the lock was cut off in writing', () => {
    takeFolderLock(file, 'Redis').release();
    writeFileSync(file, '{"pid":');
    takeFolderLock(file, 'Redis').release();
  });

  it('is not given up for somebody who has taken it over', () => {
    const lock = takeFolderLock(file, 'Redis');
    writeFileSync(file, 'another');
    lock.release();
    expect(readFileSync(file, 'utf8')).toBe('another');
  });
});
