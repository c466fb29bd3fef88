import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileEngine } from '../embedded/compiled-engine.js';
import { newPlace } from './turned-redis.js';

interface Rule {
  readonly rule: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** Charged together; one is kept as a log, one in sub-buckets. Now one is full first, now the other. */
export const RULES: readonly Rule[] = [
  { rule: 'requests:log', limit: 200, windowMs: 250 },
  { rule: 'requests:sub-buckets', limit: 1_001, windowMs: 1_500 },
];

export interface HammerOptions {
  readonly redisUrl: string;
  readonly processes: number;
  /** Of all processes together, at least; they go on until the longest window has passed twice. */
  readonly tries: number;
}

export interface HammerOutcome {
  readonly tries: number;
  readonly granted: number;
  /** By rule: grants that came within a window of as many before them as its limit allows. */
  readonly overshoot: Readonly<Record<string, number>>;
}

const SCRIPT = `
import { Redis } from 'ioredis';
import { RedisLimiter } from './src/limits/redis/redis-limiter.js';

const [redisUrl, place, triesText, rulesText] = process.argv.slice(2);
const rules = JSON.parse(rulesText);
const redis = new Redis(redisUrl);
await new Promise((resolve) => redis.once('ready', resolve));
const limiter = new RedisLimiter({ redis, place, deadlineMs: 60_000 });
const charges = rules.map((rule) => ({ ...rule, key: 'user:1', amount: 1, onLoss: 'closed' }));
const longestMs = Math.max(...rules.map(({ windowMs }) => windowMs));
const granted = [];
let tries = 0;
let beganMs = null;
const hammer = async () => {
  for (let lastMs = 0; tries < Number(triesText) || lastMs - beganMs < 2 * longestMs; ) {
    tries++;
    const { outcome, timeMs } = await limiter.take({ charges, subject: null });
    if (outcome === 'granted') granted.push(timeMs);
    beganMs ??= timeMs;
    lastMs = timeMs;
  }
};
process.send('ready');
process.once('message', async () => {
  await Promise.all(Array.from({ length: 8 }, hammer));
  redis.disconnect();
  process.send({ tries, granted }, () => process.disconnect());
});
`;

/** Has many processes take from one budget as fast as they can, and counts what was granted beyond its limits. */
export async function hammer({ redisUrl, processes, tries }: HammerOptions): Promise<HammerOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-hammer-'));
  const children: ChildProcess[] = [];
  try {
    compileEngine(folder, ['kernel', 'telemetry', 'changes', 'identity', 'limits']);
    const file = join(folder, 'hammer.mjs');
    writeFileSync(file, SCRIPT);
    const args = [file, redisUrl, newPlace(), String(Math.ceil(tries / processes)), JSON.stringify(RULES)];
    for (let n = 0; n < processes; n++) {
      children.push(spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    }
    await Promise.all(children.map(nextMessage));
    const told = children.map(nextMessage);
    for (const child of children) child.send('go');
    const outcomes = (await Promise.all(told)) as { tries: number; granted: number[] }[];
    const times = outcomes.flatMap(({ granted }) => granted).sort((a, b) => a - b);
    return {
      tries: outcomes.reduce((sum, outcome) => sum + outcome.tries, 0),
      granted: times.length,
      overshoot: Object.fromEntries(RULES.map((rule) => [rule.rule, countBeyond(times, rule)])),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What numbers of this size can't tell apart, in milliseconds. */
const PRECISION_MS = 0.002;

function countBeyond(times: readonly number[], { limit, windowMs }: Rule): number {
  return times.filter((time, n) => {
    const before = times[n - limit];
    return before !== undefined && time - before < windowMs - PRECISION_MS;
  }).length;
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A process ended before it had told anything');
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}
