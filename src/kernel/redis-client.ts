import type { Cluster, Redis } from 'ioredis';

/** A server, alone or behind sentinels, or a cluster of them. */
export type RedisClient = Redis | Cluster;
