import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { stopOrphan } from '../../src/embedded/orphan.js';
import { findBirth, findCommand } from '../../src/embedded/process-table.js';
import {
  type ServerCommand,
  ServerStartError,
  startServerProcess,
} from '../../src/embedded/server-process.js';
import { until } from './until.js';

function shell(script: string, changes: Partial<ServerCommand> = {}): ServerCommand {
  return {
    file: '/bin/sh',
    args: ['-c', script],
    workingDirectory: tmpdir(),
    readyText: 'ready',
    stopSignal: 'SIGTERM',
    startTimeoutMs: 20_000,
    stopTimeoutMs: 20_000,
    ...changes,
  };
}

describe('A server process', () => {
  it('is there once it says that it is ready, and gone once it is stopped', async () => {
    const heard: string[] = [];
    const server = await startServerProcess(
      shell('echo warming up; echo ready; exec sleep 60', { onOutput: (text) => heard.push(text) }),
    );
    expect(findBirth(server.pid)).not.toBeNull();
    expect(heard.join('')).toContain('warming up');
    await Promise.all([server.stop(), server.stop()]);
    expect(findBirth(server.pid)).toBeNull();
    expect(await server.ended).toContain('ready');
  });

  it('reads secrets from its standard input', async () => {
    const server = await startServerProcess(
      shell('read -r secret; echo "ready with $secret"; exec sleep 60', { input: 'a password\n' }),
    );
    expect(server.startOutput).toContain('ready with a password');
    await server.stop();
  });

  it('tells of its end when that comes by itself', async () => {
    const server = await startServerProcess(shell('echo ready; read -r _; echo last words'));
    expect(await server.ended).toContain('last words');
    await server.stop();
  });

  it('is killed where it does not heed the signal', async () => {
    const server = await startServerProcess(
      shell('trap "" TERM; echo ready; while :; do sleep 0.05; done', { stopTimeoutMs: 50 }),
    );
    await server.stop();
    expect(findBirth(server.pid)).toBeNull();
  });

  it.each([
    ['ends before', shell('echo no space left >&2; exit 1'), 'it ended at once: no space left'],
    [
      'stays silent',
      shell('exec sleep 60', { startTimeoutMs: 50 }),
      'it was not ready after 50 ms: it printed nothing',
    ],
    [
      'is not there',
      shell('', { file: '/nowhere/server' }),
      'it ended at once: spawn /nowhere/server ENOENT',
    ],
  ])('fails with its last words where it %s', async (_, command, message) => {
    const start = startServerProcess(command);
    await expect(start).rejects.toThrow(ServerStartError);
    await expect(start).rejects.toThrow(message);
  });
});

describe('A server that outlived whoever started it', () => {
  async function startSleeper(script = 'exec sleep 60'): Promise<ChildProcess & { pid: number }> {
    const child = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
    await once(child, 'spawn');
    return child as ChildProcess & { pid: number };
  }
  const isSleeper = (command: string) => command.includes('sleep');

  it('is stopped and waited for', async () => {
    const { pid } = await startSleeper();
    await until('sleep', () => findCommand(pid)?.startsWith('sleep') === true);
    expect(await stopOrphan({ pid, isOurs: isSleeper, stopSignal: 'SIGTERM' })).toBe(true);
    expect(findBirth(pid)).toBeNull();
    expect(findCommand(pid) || null).toBeNull();
  });

  it('is left alone where its id has gone to another program', async () => {
    const child = await startSleeper();
    expect(await stopOrphan({ pid: child.pid, isOurs: () => false, stopSignal: 'SIGTERM' })).toBe(false);
    expect(findBirth(child.pid)).not.toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await stopOrphan({ pid: child.pid, isOurs: isSleeper, stopSignal: 'SIGTERM' })).toBe(false);
  });

  it.each([Number.NaN, 0, 1, -7])('is not looked for under the id %p', async (pid) => {
    expect(await stopOrphan({ pid, isOurs: () => true, stopSignal: 'SIGTERM' })).toBe(false);
  });
});
