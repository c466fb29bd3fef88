import type { Clock } from '../../kernel/clock.js';
import type { RedisGuard } from '../stores/redis-guard.js';
import { readWarmOperation, type WarmOperation, writeWarmOperation } from './warm-operation.js';

export interface AskedOperationsOptions {
  readonly guard: RedisGuard;
  /** Keeps apart what shares a Redis: the database's name. Schemas come and go; what is asked stays. */
  readonly place: string;
  readonly clock: Clock;
}

/** Operations that one node counts at a time; each takes about a kilobyte. */
const MAX_COUNTED = 10_000;
/** Of them, that go out at a time: those that were asked most. */
const MAX_TOLD = 500;
/** That are remembered of one day. */
const MAX_REMEMBERED = 2_000;
const TELL_INTERVAL_MS = 10_000;
const DAY_MS = 86_400_000;
/** What was asked today and yesterday counts. */
const DAYS = 2;
/** Longer operations are not remembered. */
const MAX_CHARACTERS = 4_096;

interface Counted {
  readonly text: string;
  count: number;
}

/**
 * How often kept answers are asked for, on all nodes and over their restarts, so that a node that starts knows what to
 * compute before anybody asks. Kept in Redis: a sorted set for each day, which ends by itself.
 */
export class AskedOperations {
  readonly #options: AskedOperationsOptions;
  readonly #counts = new Map<string, Counted>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: AskedOperationsOptions) {
    this.#options = options;
  }

  /** Counts an answer by its key in the cache; `describe` is asked where that is new. */
  note(key: string, describe: () => WarmOperation): void {
    if (this.count(key) || this.#counts.size >= MAX_COUNTED) return;
    const text = writeWarmOperation(describe());
    if (text.length > MAX_CHARACTERS) return;
    this.#counts.set(key, { text, count: 1 });
    this.#timer ??= setInterval(() => void this.tell(), TELL_INTERVAL_MS).unref();
  }

  /** Counts an answer whose operation is known. False: it isn't. */
  count(key: string): boolean {
    const counted = this.#counts.get(key);
    if (counted !== undefined) counted.count += 1;
    return counted !== undefined;
  }

  /** Has all nodes know what was counted since the last time. Never rejects: what Redis doesn't take is not remembered. */
  async tell(): Promise<void> {
    const asked = [...this.#counts].filter(([, { count }]) => count > 0);
    asked.sort(([, a], [, b]) => b.count - a.count);
    const told = asked.slice(0, MAX_TOLD).map(([, { text, count }]) => ({ text, count }));
    // Whatever nobody asked for makes room.
    if (this.#counts.size >= MAX_COUNTED) this.#counts.clear();
    for (const [, counted] of asked) counted.count = 0;
    if (told.length === 0) return;
    const key = this.#nameOf(this.#options.clock.nowMs());
    await this.#options.guard.ask('record', async (redis) => {
      const batch = redis.multi();
      for (const { text, count } of told) batch.zincrby(key, count, text);
      batch.zremrangebyrank(key, 0, -MAX_REMEMBERED - 1).pexpire(key, DAYS * DAY_MS);
      return batch.exec();
    });
  }

  /** Those that were asked most, today and yesterday; none where Redis doesn't answer within `timeoutMs`. */
  async list(most: number, timeoutMs: number): Promise<readonly WarmOperation[]> {
    const { guard, clock } = this.#options;
    const nowMs = clock.nowMs();
    await guard.whenReady(timeoutMs);
    const counts = new Map<string, number>();
    for (let day = 0; day < DAYS; day++) {
      const key = this.#nameOf(nowMs - day * DAY_MS);
      const found = await guard.ask('record', (redis) => redis.zrevrange(key, 0, most - 1, 'WITHSCORES'));
      for (let at = 0; at + 1 < (found?.length ?? 0); at += 2) {
        const text = found?.[at] ?? '';
        counts.set(text, (counts.get(text) ?? 0) + Number(found?.[at + 1]));
      }
    }
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .flatMap(([text]) => readText(text));
  }

  /** Tells what is left. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.tell();
  }

  #nameOf(nowMs: number): string {
    return `sluice:v1:asked:${this.#options.place}:${new Date(nowMs).toISOString().slice(0, 10)}`;
  }
}

/** None where another version wrote what this one can't read. */
function readText(text: string): readonly WarmOperation[] {
  try {
    const operation = readWarmOperation(JSON.parse(text));
    return typeof operation === 'string' ? [] : [operation];
  } catch {
    return [];
  }
}
