import { createSteadyClock } from '../changes/node/steady-clock.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import type { Logger } from '../telemetry/logger.js';
import type { LimitsMetrics } from '../telemetry/metrics.js';
import type { BlockPolicy } from './blocks/block-policy.js';
import type { Blocks } from './blocks/blocks.js';
import { CountedLimiter } from './counted-limiter.js';
import { DryRunLimiter } from './dry-run-limiter.js';
import type { Decision, LimitedOperation, Limiter } from './limiter.js';
import { GuardedLimiter } from './loss/guarded-limiter.js';
import { MemoryLimiter } from './memory/memory-limiter.js';
import { BlockRecorder } from './redis/block-recorder.js';
import { RedisBlocks } from './redis/redis-blocks.js';
import { RedisLimiter } from './redis/redis-limiter.js';

export interface LimitsOptions {
  /** Stays its owner's. Null: this process is alone, and counts in its memory. */
  readonly redis: RedisClient | null;
  /** Keeps apart what shares a Redis, such as the name of the database that is served. */
  readonly place: string;
  /** With `mode` `off` there is nothing to create. A dry run has windows and blocks of its own. */
  readonly settings: Config['limits'];
  readonly metrics: LimitsMetrics;
  readonly log: Logger;
  /** What a dry run would have denied. */
  readonly onWouldDeny?: (decision: Decision, operation: LimitedOperation) => void;
}

export interface Limits {
  readonly limiter: Limiter;
  readonly blocks: Blocks;
}

/** Limits as a node has them; there is nothing to close. */
export function createLimits(options: LimitsOptions): Limits {
  const { redis, metrics, settings } = options;
  const base = redis === null ? createOwn(options) : createShared(redis, options);
  const counted = new CountedLimiter(base.limiter, metrics);
  const blocks = countLifts(base.blocks, metrics);
  if (settings.mode !== 'dry-run') return { limiter: counted, blocks };
  const limiter = new DryRunLimiter(counted, (decision, operation) => {
    metrics.dryRunDenials.inc();
    options.onWouldDeny?.(decision, operation);
  });
  return { limiter, blocks };
}

/** Where limits of a place are kept in Redis: what was counted in a dry run denies nobody later. */
export function limitsPlace(place: string, { mode }: Config['limits']): string {
  return mode === 'dry-run' ? `${place}:dry-run` : place;
}

function createOwn({ settings, metrics }: LimitsOptions): Limits {
  const limiter = new MemoryLimiter({
    blocks: readBlockPolicy(settings),
    maxKeys: settings.maxKeys,
    onEvicted: () => metrics.evictions.inc(),
  });
  return { limiter, blocks: limiter.blocks };
}

function createShared(redis: RedisClient, options: LimitsOptions): Limits {
  const { metrics, log, settings } = options;
  const policy = readBlockPolicy(settings);
  const place = limitsPlace(options.place, settings);
  const blocks = new RedisBlocks({ redis, place });
  const recorder = new BlockRecorder({
    blocks,
    blockMs: policy.blockMs,
    onUnrecorded: (error) => {
      metrics.blocks.inc({ event: 'unrecorded' });
      log.warn({ err: error }, 'A block is in force, but could not be written down for lists');
    },
  });
  const shared = new RedisLimiter({
    ...{ redis, place, blocks: policy, deadlineMs: settings.redisDeadlineMs },
    onCall: ({ operations, isAnswered }) => {
      metrics.redisCalls.inc({ outcome: isAnswered ? 'answered' : 'failed' });
      metrics.redisCallOperations.observe(operations);
    },
    onDecision: (decision, { subject }) => recorder.note(decision, subject),
  });
  const nowMs = createSteadyClock();
  const own = new MemoryLimiter({
    ...{ maxKeys: settings.maxKeys, nowMs, decider: 'fallback' },
    onEvicted: () => metrics.evictions.inc(),
  });
  const limiter = new GuardedLimiter({
    ...{ shared, own, nowMs, nodes: settings.nodes, retryMs: settings.redisRetryMs },
    onLost: (error) => {
      metrics.redisLost.inc({ cause: error.reason });
      log.warn({ err: error }, 'Limits can not be counted in Redis; rules follow their policies');
    },
    onBack: () => log.info('Limits are counted in Redis again'),
  });
  return { limiter, blocks };
}

function readBlockPolicy({ block }: Config['limits']): BlockPolicy {
  return {
    violations: block.violations,
    windowMs: block.windowSeconds * 1000,
    blockMs: block.seconds * 1000,
  };
}

function countLifts(blocks: Blocks, metrics: LimitsMetrics): Blocks {
  return {
    list: (most) => blocks.list(most),
    findEnd: (subject) => blocks.findEnd(subject),
    lift: async (subject, by) => {
      const isLifted = await blocks.lift(subject, by);
      if (isLifted) metrics.blocks.inc({ event: 'lifted' });
      return isLifted;
    },
  };
}
