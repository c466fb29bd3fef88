import { randomUUID } from 'node:crypto';
import type { RedisCacheKeys } from './redis-cache-keys.js';
import type { RedisGuard } from './redis-guard.js';

/** The right to compute something while other nodes wait for it. */
export interface Lease {
  /** `unavailable`: nobody can be asked, so everyone computes. */
  readonly kind: 'acquired' | 'held' | 'unavailable';
  /** Lets the others go on. Not to be waited for; does nothing where there is nothing to give back. */
  release(): void;
}

/** Who of all nodes computes what. */
export interface Leases {
  acquire(key: string, ttlMs: number): Promise<Lease>;
}

/** For a node that shares nothing with others. */
export const NO_LEASES: Leases = Object.freeze({
  acquire: async () => UNAVAILABLE,
});

const UNAVAILABLE: Lease = Object.freeze({ kind: 'unavailable', release: () => undefined });
const HELD: Lease = Object.freeze({ kind: 'held', release: () => undefined });

/**
 * Gives a lease back, unless it has passed to another one since.
 *
 * KEYS: 1 the lease · ARGV: 1 the holder's token · Returns 1 where it was given back
 */
const RELEASE_SCRIPT = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/** Leases in Redis, which end by themselves where their holder doesn't. */
export class RedisLeases implements Leases {
  constructor(
    private readonly guard: RedisGuard,
    private readonly keys: RedisCacheKeys,
  ) {}

  async acquire(key: string, ttlMs: number): Promise<Lease> {
    const name = this.keys.lease(key);
    const token = randomUUID();
    const answer = await this.guard.ask('lease', async (redis) => ({
      isMine: (await redis.set(name, token, 'PX', ttlMs, 'NX')) === 'OK',
    }));
    if (answer === null) return UNAVAILABLE;
    if (!answer.isMine) return HELD;
    return {
      kind: 'acquired',
      release: () => void this.guard.ask('lease', (redis) => redis.eval(RELEASE_SCRIPT, 1, name, token)),
    };
  }
}
