/**
 * Where callers' budgets are in Redis. The hash tag is a caller's own, so that in a cluster callers spread over its
 * nodes while all of one caller's is on one; `place` keeps those apart who share a Redis.
 */
export interface RedisLimitKeys {
  account(key: string): string;
  /** Of all blocks: subjects by their end, and their records. */
  readonly blockEnds: string;
  readonly blockRecords: string;
}

export function createRedisLimitKeys(place: string): RedisLimitKeys {
  return {
    account: (key) => `sluice:v1:limits:{${place}:${key}}`,
    blockEnds: `sluice:v1:limits:{${place}}:blocks:ends`,
    blockRecords: `sluice:v1:limits:{${place}}:blocks:records`,
  };
}
