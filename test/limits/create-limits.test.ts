import { Redis } from 'ioredis';
import type { Config } from '../../src/kernel/config/config.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { createLimits, type Limits, type LimitsOptions } from '../../src/limits/create-limits.js';
import type { Decision } from '../../src/limits/limiter.js';
import { createRedisLimitKeys } from '../../src/limits/redis/redis-limit-keys.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js';
import { until } from '../embedded/until.js';
import { waitForEvent } from '../gateway/redis-child.js';
import { testRedisUrl } from '../services/database.js';
import { CALLERS, charge, takeEach } from './limiter-contract.js';
import { newPlace } from './turned-redis.js';

let redis: Redis;
let metrics: Metrics;
let lines: unknown[];
let place: string;
beforeAll(async () => {
  redis = new Redis(testRedisUrl());
  await waitForEvent(redis, 'ready');
});
beforeEach(() => {
  metrics = createMetrics();
  lines = [];
  place = newPlace();
});
afterAll(() => redis.quit());

const SETTINGS: Config['limits'] = {
  ...readConfig({}).limits,
  ...{ mode: 'enforce', redisDeadlineMs: 30_000, maxKeys: 100 },
  block: { violations: 1, windowSeconds: 3_600, seconds: 3_600 },
};

function open(
  part: Partial<LimitsOptions> & { readonly mode?: Config['limits']['mode']; readonly maxKeys?: number } = {},
): Limits {
  const { mode = 'enforce', maxKeys = 100, ...options } = part;
  return createLimits({
    ...{ redis, place, metrics: metrics.limits, settings: { ...SETTINGS, mode, maxKeys } },
    log: createLogger({
      level: 'info',
      format: 'json',
      destination: { write: (line) => void lines.push(JSON.parse(line).msg) },
    }),
    ...options,
  });
}

const operation = (...charges: ReturnType<typeof charge>[]) => ({ charges, subject: CALLERS[0] });
const good = operation(charge(), charge({ rule: 'cost:60', limit: 100, amount: 7 }));
const bad = operation(charge({ rule: 'field:Query.search:60', amount: 4 }), charge({ rule: 'mine' }));

async function seriesOf(name: string): Promise<readonly string[]> {
  const text = await metrics.registry.getSingleMetricAsString(name);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => line.slice(name.length))
    .sort();
}

describe.each([
  ['memory', () => open({ redis: null })],
  ['redis', () => open()],
] as const)('limits in %s', (decider, openHere) => {
  it('count what they decide, by kind of rule', async () => {
    const { limiter, blocks } = openHere();
    await takeEach(limiter, [good, good]);
    await limiter.peek(good);
    await limiter.take(bad);
    await limiter.take(good);
    await until('the counts', async () => (await seriesOf('sluice_limits_operations_total')).length === 3);
    expect(await seriesOf('sluice_limits_operations_total')).toEqual([
      `{outcome="blocked",decider="${decider}"} 1`,
      `{outcome="granted",decider="${decider}"} 2`,
      `{outcome="limited",decider="${decider}"} 1`,
    ]);
    expect(await seriesOf('sluice_limits_decisions_total')).toEqual([
      '{rule="cost",outcome="granted"} 2',
      '{rule="field",outcome="denied"} 1',
      '{rule="other",outcome="granted"} 1',
      '{rule="requests",outcome="granted"} 2',
    ]);
    await until('the block', async () => (await blocks.list(1)).length === 1);
    expect(await blocks.lift(CALLERS[0], 'user:7')).toBe(true);
    expect(await blocks.lift(CALLERS[0], 'user:7')).toBe(false);
    expect(await blocks.findEnd(CALLERS[0])).toBeNull();
    expect(await seriesOf('sluice_limits_blocks_total')).toEqual([
      '{event="blocked"} 1',
      '{event="lifted"} 1',
    ]);
  });
});

describe('limits in Redis', () => {
  it('count their calls, and how many operations shared each', async () => {
    const { limiter } = open();
    await takeEach(limiter, [good, good, good]);
    await limiter.take(good);
    expect(await seriesOf('sluice_limits_redis_calls_total')).toEqual(['{outcome="answered"} 2']);
    const text = await metrics.registry.getSingleMetricAsString('sluice_limits_redis_call_operations');
    expect(text).toContain('sluice_limits_redis_call_operations_sum 4');
    expect(text).toContain('sluice_limits_redis_call_operations_count 2');
  });

  it('tell in log and metrics of a block that is in no list', async () => {
    const { limiter } = open();
    await redis.set(createRedisLimitKeys(place).blockEnds, 'no sorted set', 'EX', 60);
    await limiter.take(bad);
    await until('the line', () => lines.length === 1);
    expect(lines).toEqual(['A block is in force, but could not be written down for lists']);
    expect(await seriesOf('sluice_limits_blocks_total')).toContain('{event="unrecorded"} 1');
  });
});

describe('limits in memory', () => {
  it('count callers that had to be forgotten', async () => {
    const { limiter } = open({ redis: null, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) await limiter.take({ charges: [charge({ key })], subject: null });
    const evictions = await metrics.registry.getSingleMetricAsString('sluice_limits_memory_evictions_total');
    expect(evictions).toContain('sluice_limits_memory_evictions_total 1');
  });
});

describe('a dry run', () => {
  it('grants what would have been denied, and tells what it would have been denied for', async () => {
    const told: Decision[] = [];
    const { limiter, blocks } = open({ mode: 'dry-run', onWouldDeny: (decision) => told.push(decision) });
    const decisions = [...(await takeEach(limiter, [good, bad])), await limiter.take(good)];
    expect(decisions.map(({ outcome, deniedBy, retryMs }) => [outcome, deniedBy, retryMs])).toEqual(
      decisions.map(() => ['granted', [], 0]),
    );
    expect(told.map(({ outcome, deniedBy }) => [outcome, deniedBy])).toEqual([
      ['limited', ['field:Query.search:60']],
      ['blocked', []],
    ]);
    // Looks show what is so.
    expect((await limiter.peek(good)).outcome).toBe('blocked');
    await until('the block', async () => (await blocks.list(1)).length === 1);
    const denials = await metrics.registry.getSingleMetricAsString('sluice_limits_dry_run_denials_total');
    expect(denials).toContain('sluice_limits_dry_run_denials_total 2');
    await until('the counts', async () => (await seriesOf('sluice_limits_operations_total')).length === 3);
  });

  it('charges nobody for later', async () => {
    await takeEach(open({ mode: 'dry-run' }).limiter, [good, good, good, bad]);
    const { limiter, blocks } = open();
    expect(await limiter.take(good)).toMatchObject({
      outcome: 'granted',
      charges: [{ remaining: 2 }, { remaining: 93 }],
    });
    expect(await blocks.list(1)).toEqual([]);
  });

  it('grants without telling where nobody wants to know', async () => {
    const { limiter } = open({ redis: null, mode: 'dry-run' });
    expect((await limiter.take(bad)).outcome).toBe('granted');
  });
});
