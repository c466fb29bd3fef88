/**
 * The log's keys in Redis. The hash tag keeps those of one database on one node of a cluster, which the scripts need;
 * `place` keeps databases that share a Redis apart, since one must not take another's heartbeat for its own.
 */
export interface RedisLogKeys {
  readonly heartbeat: string;
  records(epoch: string): string;
}

export function createRedisLogKeys(place: string): RedisLogKeys {
  const prefix = `sluice:v1:{changes:${place}}:`;
  return { heartbeat: `${prefix}heartbeat`, records: (epoch) => `${prefix}log:${epoch}` };
}
