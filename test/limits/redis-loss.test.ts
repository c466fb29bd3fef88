import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { findFreePort } from '../../src/embedded/free-port.js';
import type { Config, LossPolicy } from '../../src/kernel/config/config.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { createLimits, type Limits } from '../../src/limits/create-limits.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js';
import { until } from '../embedded/until.js';
import { waitForEvent } from '../gateway/redis-child.js';
import { charge, takeEach } from './limiter-contract.js';

interface Server {
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
}

async function startServer(port?: number): Promise<Server> {
  const chosen = port ?? (await findFreePort());
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child: ChildProcess = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('Ready to accept connections')) resolve();
    });
  });
  return {
    port: chosen,
    signal: (name) => void child.kill(name),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

let server: Server;
let redis: Redis;
let metrics: Metrics;
let lines: string[];
beforeEach(async () => {
  server = await startServer();
  redis = new Redis(server.port, '127.0.0.1', {
    retryStrategy: () => 20,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100,
  });
  redis.on('error', () => undefined);
  await waitForEvent(redis, 'ready');
  metrics = createMetrics();
  lines = [];
});
afterEach(async () => {
  redis.disconnect();
  await server.kill();
});

interface Loss {
  readonly redisDeadlineMs?: number;
  readonly redisRetryMs?: number;
  readonly nodes?: number;
}

/** One of two nodes, that looks after a lost Redis often. */
function open(part: Loss = {}): Limits {
  const settings: Config['limits'] = {
    ...readConfig({}).limits,
    ...{ mode: 'enforce', redisDeadlineMs: 10_000, redisRetryMs: 10, nodes: 2 },
    ...part,
  };
  return createLimits({
    ...{ redis, place: 'loss', settings, metrics: metrics.limits },
    log: createLogger({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void lines.push(JSON.parse(line).msg) },
    }),
  });
}

const operation = (onLoss: LossPolicy, part = {}) => ({
  subject: 'user:1',
  charges: [charge({ key: 'user:1', limit: 4, onLoss, ...part })],
});

async function lost(): Promise<unknown> {
  return (await metrics.limits.redisLost.get()).values.map(({ labels, value }) => [labels.cause, value]);
}

async function stop(): Promise<void> {
  const closed = waitForEvent(redis, 'close');
  await server.kill();
  await closed;
}

describe('Redis away', () => {
  it('has open rules granted, however much is asked for', async () => {
    const { limiter } = open();
    await stop();
    for (let n = 0; n < 20; n++) {
      expect(await limiter.take(operation('open'))).toMatchObject({
        outcome: 'granted',
        decider: 'fallback',
        charges: [{ hasRoom: true, remaining: 4, resetMs: 0 }],
      });
    }
  });

  it('has a node grant its share of a limit, from its own memory', async () => {
    const { limiter } = open();
    await stop();
    const outcomes = [];
    for (let n = 0; n < 4; n++) outcomes.push((await limiter.take(operation('local-share'))).outcome);
    expect(outcomes).toEqual(['granted', 'granted', 'limited', 'limited']);
    const denied = await limiter.take(operation('local-share'));
    expect(denied).toMatchObject({
      deniedBy: ['requests:60'],
      charges: [{ charge: { limit: 4 }, remaining: 0 }],
    });
    expect(denied.retryMs).toBeGreaterThan(0);
  });

  it('gives every node something, however many there are', async () => {
    const { limiter } = open({ nodes: 1_000 });
    await stop();
    expect((await limiter.take(operation('local-share'))).outcome).toBe('granted');
    expect((await limiter.take(operation('local-share'))).outcome).toBe('limited');
  });

  it('has closed rules denied, for a reason of its own, and nothing charged', async () => {
    const { limiter } = open({ redisRetryMs: 60_000 });
    await stop();
    const charges = [
      ...operation('local-share').charges,
      charge({ key: 'user:1', rule: 'field:Query.costly:60', onLoss: 'closed' }),
    ];
    for (let n = 0; n < 5; n++) {
      const denied = await limiter.take({ charges, subject: 'user:1' });
      expect(denied).toMatchObject({
        outcome: 'unavailable',
        deniedBy: ['field:Query.costly:60'],
        charges: [
          { hasRoom: true, remaining: 2 },
          { hasRoom: false, remaining: 0 },
        ],
      });
      expect(denied.retryMs).toBeGreaterThan(0);
      expect(denied.retryMs).toBeLessThanOrEqual(60_000);
    }
    expect((await limiter.take(operation('local-share'))).charges[0]?.remaining).toBe(1);
  });

  it('lets looks follow the same policies', async () => {
    const { limiter } = open();
    await stop();
    for (let n = 0; n < 3; n++) {
      expect(await limiter.peek(operation('local-share'))).toMatchObject({
        outcome: 'granted',
        charges: [{ remaining: 2 }],
      });
    }
    expect((await limiter.peek(operation('closed'))).outcome).toBe('unavailable');
  });

  it('is told of once in log and metrics, and so is its return', async () => {
    const { limiter } = open();
    await limiter.take(operation('open'));
    await stop();
    await takeEach(
      limiter,
      Array.from({ length: 10 }, () => operation('open')),
    );
    expect(await lost()).toEqual([['away', 1]]);
    server = await startServer(server.port);
    await until(
      'Redis to be asked again',
      async () => (await limiter.take(operation('open'))).decider === 'redis',
    );
    expect(lines).toEqual([
      'Limits can not be counted in Redis; rules follow their policies',
      'Limits are counted in Redis again',
    ]);
    // It has forgotten all, and with it the script.
    expect((await limiter.peek(operation('open'))).charges[0]?.remaining).toBe(3);
  });

  it('passes on what is wrong with an operation itself', async () => {
    const { limiter } = open();
    await expect(limiter.take(operation('open', { amount: -1 }))).rejects.toThrow(RangeError);
    expect(await lost()).toEqual([]);
  });

  it('makes lists of blocks fail, not lie', async () => {
    const { blocks } = open();
    await stop();
    for (const ask of [blocks.list(10), blocks.findEnd('user:1'), blocks.lift('user:1', 'user:2')]) {
      await expect(ask).rejects.toMatchObject({ code: 'LIMITS_UNAVAILABLE' });
    }
  });
});

describe('Redis frozen', () => {
  it('costs those who ask at the time one deadline, and those after them nothing', async () => {
    const { limiter } = open({ redisDeadlineMs: 500 });
    await limiter.take(operation('open'));
    server.signal('SIGSTOP');
    const first = await takeEach(limiter, [operation('open'), operation('open')]);
    expect(first.map(({ decider }) => decider)).toEqual(['fallback', 'fallback']);
    expect(await lost()).toEqual([['timeout', 1]]);
    // Nobody's request waits for a deadline any more: all that goes out are probes, beside them.
    const failed = async () =>
      (await metrics.limits.redisCalls.get()).values.find(({ labels }) => labels.outcome === 'failed')?.value;
    for (let n = 0; n < 50; n++) {
      expect((await limiter.take(operation('open'))).decider).toBe('fallback');
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await failed()).toBe(1);
    server.signal('SIGCONT');
    await until(
      'Redis to be asked again',
      async () => (await limiter.take(operation('open'))).decider === 'redis',
    );
    expect(await lost()).toEqual([['timeout', 1]]);
  });

  it('may charge late what was given up on, but grants nothing for it', async () => {
    const { limiter } = open({ redisDeadlineMs: 500 });
    expect((await limiter.take(operation('local-share', { limit: 10 }))).charges[0]?.remaining).toBe(9);
    server.signal('SIGSTOP');
    await takeEach(
      limiter,
      Array.from({ length: 3 }, () => operation('local-share', { limit: 10 })),
    );
    server.signal('SIGCONT');
    await until(
      'Redis to be asked again',
      async () => (await limiter.peek(operation('open'))).decider === 'redis',
    );
    expect((await limiter.peek(operation('local-share', { limit: 10 }))).charges[0]?.remaining).toBe(6);
  });
});

describe('Redis that answers with errors', () => {
  it('is left alone as one that is away', async () => {
    const { limiter } = open();
    await redis.config('SET', 'maxmemory', '1');
    expect((await limiter.take(operation('open'))).decider).toBe('fallback');
    expect(await lost()).toEqual([['failed', 1]]);
    // It answers, but can't be written to: a probe that finds that out is not enough.
    const refused = async (): Promise<number> => {
      const counts = /cmdstat_set:.*rejected_calls=(\d+),failed_calls=(\d+)/.exec(
        await redis.info('commandstats'),
      );
      return Number(counts?.[1] ?? 0) + Number(counts?.[2] ?? 0);
    };
    await until('two probes', async () => {
      expect((await limiter.take(operation('open'))).decider).toBe('fallback');
      return (await refused()) >= 2;
    });
    await redis.config('SET', 'maxmemory', '0');
    await until('Redis to be asked again', async () => {
      return (await limiter.take(operation('open'))).decider === 'redis';
    });
    expect(await lost()).toEqual([['failed', 1]]);
  });
});
