import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../src/embedded/free-port.js';
import { until } from '../embedded/until.js';
import { askRedis, endChild, untilRedisAnswers } from './redis-cluster.js';

/** A master named `main`, its replica, and the sentinel that promotes it. */
export interface RedisSentinel {
  readonly master: number;
  readonly replica: number;
  readonly sentinel: number;
  killMaster(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedisSentinel(): Promise<RedisSentinel> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-sentinel-'));
  const children: ChildProcess[] = [];
  const start = (args: readonly string[]): ChildProcess => {
    const child = spawn('redis-server', args, { cwd: directory, stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const [master, replica, sentinel] = [await findFreePort(), await findFreePort(), await findFreePort()];
  const local = (port: number) => ['--port', String(port), '--bind', '127.0.0.1', '--save', ''];
  const server = start(local(master));
  await untilRedisAnswers(master);
  await askRedis(master, 'CONFIG', 'SET', 'repl-diskless-sync-delay', '0');
  start([...local(replica), '--replicaof', `127.0.0.1 ${master}`]);
  await untilRedisAnswers(replica);
  await until('the replica to be in step', async () =>
    (await askRedis<string>(replica, 'INFO', 'replication')).includes('master_link_status:up'),
  );
  // Its own: Sentinel writes its configuration anew, over whatever stands there.
  const configuration = join(directory, 'sentinel.conf');
  writeFileSync(configuration, '');
  start([
    ...[configuration, '--sentinel', '--port', String(sentinel), '--bind', '127.0.0.1'],
    ...['--sentinel', 'monitor', 'main', '127.0.0.1', String(master), '1'],
  ]);
  await untilRedisAnswers(sentinel);
  await askRedis(sentinel, 'SENTINEL', 'SET', 'main', 'down-after-milliseconds', '500');
  return {
    ...{ master, replica, sentinel },
    killMaster: () => endChild(server),
    stop: async () => {
      await Promise.all(children.map(endChild));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
