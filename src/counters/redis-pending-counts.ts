import { randomUUID } from 'node:crypto';
import { withDeadline } from '../kernel/deadline.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { Batch, Counts, Once, PendingCounts } from './pending-counts.js';

export interface RedisPendingCountsOptions {
  /** One that keeps what it was told: `noeviction`, persistence as strict as counts are worth. */
  readonly redis: RedisClient;
  /** Keeps apart what shares a Redis: the database's name. */
  readonly place: string;
  readonly deadlineMs: number;
}

/** So long a try may be repeated. */
const ONCE_MS = 3_600_000;

/** KEYS: the node's last number, waiting. ARGV: this number, how long it is remembered, then key and amount in turn. */
const ADD = `
if tonumber(ARGV[1]) <= tonumber(redis.call('GET', KEYS[1]) or '0') then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for i = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1`;

/** KEYS: waiting, taken, the taken batch's id. ARGV: the id of a new batch. */
const TAKE = `
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 0 then return false end
  redis.call('RENAME', KEYS[1], KEYS[2])
  redis.call('SET', KEYS[3], ARGV[1])
end
return { redis.call('GET', KEYS[3]) or '', redis.call('HGETALL', KEYS[2]) }`;

/** KEYS: taken, its id. ARGV: the id of the batch that has been added. */
const END = `
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[1], KEYS[2]) end
return 1`;

/** Counts of all nodes, waiting in Redis. */
export class RedisPendingCounts implements PendingCounts {
  readonly #options: RedisPendingCountsOptions;

  constructor(options: RedisPendingCountsOptions) {
    this.#options = options;
  }

  async add(counter: string, { node, number }: Once, counts: Counts): Promise<void> {
    const keys = [this.#nameOf(counter, `node:${node}`), this.#nameOf(counter, 'waiting')];
    await this.#run(ADD, keys, [number, ONCE_MS, ...[...counts].flat()]);
  }

  async take(counter: string): Promise<Batch | null> {
    const keys = ['waiting', 'taken', 'taken-id'].map((part) => this.#nameOf(counter, part));
    const found = (await this.#run(TAKE, keys, [randomUUID()])) as [string, string[]] | null;
    if (found === null) return null;
    const [id, pairs] = found;
    const counts = new Map<string, number>();
    for (let at = 0; at + 1 < pairs.length; at += 2) counts.set(pairs[at] ?? '', Number(pairs[at + 1]));
    return { id, counts };
  }

  async end(counter: string, id: string): Promise<void> {
    await this.#run(END, [this.#nameOf(counter, 'taken'), this.#nameOf(counter, 'taken-id')], [id]);
  }

  /** One slot of a cluster for each counter. */
  #nameOf(counter: string, part: string): string {
    return `sluice:v1:{counter:${this.#options.place}:${counter}}:${part}`;
  }

  /** @throws SluiceError `TIMEOUT`, and what Redis says: whether it was carried out isn't known then */
  #run(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    const { redis, deadlineMs } = this.#options;
    // A command that waits for a connection would be carried out at some later time.
    if (redis.status !== 'ready')
      return Promise.reject(new SluiceError('TIMEOUT', 'There is no connection to Redis'));
    return withDeadline(
      redis.eval(script, keys.length, ...keys, ...values),
      deadlineMs,
      () => new SluiceError('TIMEOUT', `Redis does not answer within ${deadlineMs} ms`),
    );
  }
}
