import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, Redis } from 'ioredis';
import { findFreePort } from '../../src/embedded/free-port.js';
import { until } from '../embedded/until.js';

/** Three masters on ports of their own, each with a third of the slots, in order. */
export interface RedisCluster {
  readonly ports: readonly number[];
  readonly client: Cluster;
  stop(): Promise<void>;
}

const SLOTS = 16_384;

export async function startRedisCluster(): Promise<RedisCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
  const children: ChildProcess[] = [];
  const ports: number[] = [];
  const busPorts: number[] = [];
  for (let n = 0; n < 3; n++) {
    // The cluster's own bus would have the port 10,000 above, which others may have, or which there may not be.
    const [port, busPort] = [await findFreePort(), await findFreePort()];
    ports.push(port);
    busPorts.push(busPort);
    const args = [
      ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--cluster-enabled', 'yes'],
      ...['--cluster-port', String(busPort)],
      ...['--cluster-config-file', `nodes-${port}.conf`, '--cluster-node-timeout', '1000'],
    ];
    children.push(spawn('redis-server', args, { cwd: directory, stdio: 'ignore' }));
    await untilRedisAnswers(port);
  }
  for (const [n, port] of ports.entries()) {
    const [from, to] = [Math.floor((SLOTS * n) / 3), Math.floor((SLOTS * (n + 1)) / 3) - 1];
    await askRedis(port, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    await askRedis(port, 'CLUSTER', 'MEET', '127.0.0.1', String(ports[0]), String(busPorts[0]));
  }
  await until('the cluster to be whole', async () => {
    const states = await Promise.all(ports.map((port) => askRedis<string>(port, 'CLUSTER', 'INFO')));
    return states.every(
      (state) => state.includes('cluster_state:ok') && state.includes('cluster_known_nodes:3'),
    );
  });
  const client = new Cluster(ports.map((port) => ({ host: '127.0.0.1', port })));
  client.on('error', () => undefined);
  await new Promise<void>((resolve) => client.once('ready', () => resolve()));
  return {
    ports,
    client,
    stop: async () => {
      client.disconnect();
      await Promise.all(children.map(endChild));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function untilRedisAnswers(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await new Promise<void>((resolve) => client.once('ready', () => resolve()));
  client.disconnect();
}

/** One command on a connection of its own. */
export async function askRedis<Result>(port: number, ...command: [string, ...string[]]): Promise<Result> {
  const client = new Redis(port, '127.0.0.1');
  try {
    return (await client.call(...command)) as Result;
  } finally {
    client.disconnect();
  }
}
