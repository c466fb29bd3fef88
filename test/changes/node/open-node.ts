import { Writable } from 'node:stream';
import { Redis } from 'ioredis';
import type { Changes } from '../../../src/changes/changes.js';
import { type ChangesOptions, createChanges } from '../../../src/changes/node/create-changes.js';
import { hashTag } from '../../../src/changes/tags/hash-tag.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { waitForEvent } from '../../gateway/redis-child.js';

/** The changes of a node as a test sees them. */
export interface TestNode {
  readonly changes: Changes;
  readonly redis: Redis | null;
  /** Texts of what was logged. */
  readonly logged: readonly string[];
  /** The sum of a counter's values whose labels fit. */
  count(metric: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  /** Whether nothing that these tags tell of has changed since. */
  isValid(stamp: Changes['position'], ...tags: string[]): boolean;
  close(): Promise<void>;
}

export interface NodeOptions extends Partial<Omit<ChangesOptions, 'redis' | 'metrics' | 'log'>> {
  readonly databaseUrl: string;
  /** Null: the log is in memory. */
  readonly redisUrl: string | null;
}

export async function openNode({ redisUrl, ...options }: NodeOptions): Promise<TestNode> {
  const redis = redisUrl === null ? null : await connectRedis(redisUrl);
  const metrics = createMetrics();
  const logged: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logged.push(JSON.parse(String(chunk)).msg);
      done();
    },
  });
  const changes = createChanges({
    findUncaptured: async () => [],
    // However busy the machine is.
    ...{ proofTimeoutMs: 20_000, settleTimeoutMs: 20_000 },
    ...options,
    redis,
    metrics: metrics.changes,
    log: createLogger({ level: 'info', format: 'json', destination }),
  });
  return {
    changes,
    redis,
    logged,
    async count(metric, labels = {}) {
      const { values } = (await metrics.registry.getSingleMetric(metric)?.get()) ?? { values: [] };
      return values
        .filter((value) => Object.entries(labels).every(([name, text]) => value.labels[name] === text))
        .reduce((sum, { value }) => sum + value, 0);
    },
    isValid: (stamp, ...tags) => changes.isValid(stamp, Uint32Array.from(tags, hashTag), new Uint32Array()),
    async close() {
      await changes.close();
      redis?.disconnect();
    },
  };
}

async function connectRedis(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    connectTimeout: 1_000,
    disconnectTimeout: 100,
    retryStrategy: () => 20,
  });
  // Tests take Redis away.
  redis.on('error', () => undefined);
  await waitForEvent(redis, 'ready');
  return redis;
}
