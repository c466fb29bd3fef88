import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Redis } from 'ioredis';

/** A redis-server of a test's own, to be killed in its course. */
export interface RedisChild {
  readonly url: string;
  /** At once, as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts one in memory only, on `port` or a free one; resolves when it accepts connections. */
export async function startRedisChild(port?: number): Promise<RedisChild & { readonly port: number }> {
  const chosen = port ?? (await findFreePort());
  const child = spawn(
    'redis-server',
    ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await waitForReady(child);
  return {
    port: chosen,
    url: `redis://127.0.0.1:${chosen}`,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function waitForReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended at its start:\n${output}`)));
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('Ready to accept connections')) resolve();
    });
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Unlike `once`, not rejected by the errors that a dying connection reports on its way. */
export function waitForEvent(connection: Redis, event: 'ready' | 'close'): Promise<void> {
  return new Promise((resolve) => connection.once(event, () => resolve()));
}
