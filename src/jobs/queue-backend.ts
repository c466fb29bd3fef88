import {
  createPostgresBackend,
  FlowProducer,
  type Processor,
  Queue,
  QueueEvents,
  type QueueOptions,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import type { RedisClient } from '../kernel/redis-client.js';
import type { JobData } from './queued-job.js';

type WorkerSettings = Omit<WorkerOptions, 'connection' | 'prefix'>;
type QueueSettings = Omit<QueueOptions, 'connection' | 'prefix'>;

/** Where queues are kept: opens what works on them. Each thing that is opened is its caller's to close. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  /** What of BullMQ shows queues to people takes this. */
  openQueue(name: string, settings: QueueSettings): Queue<JobData>;
  openEvents(name: string): QueueEvents;
  openWorker(name: string, process: Processor<JobData>, settings: WorkerSettings): Worker<JobData>;
  openFlows(): FlowProducer;
}

/** All keys of one database's queues: in one slot of a cluster, since scripts touch several. */
export function queuePrefix(place: string): string {
  return `{sluice:v1:jobs:${place}}`;
}

/** Queues in Redis; `redis` is to retry commands without end, and stays the caller's. */
export function createRedisQueueBackend(redis: RedisClient, place: string): QueueBackend {
  const base = { connection: redis, prefix: queuePrefix(place) };
  return {
    kind: 'redis',
    openQueue: (name, settings) => new Queue<JobData>(name, { ...settings, ...base }),
    openEvents: (name) => new QueueEvents(name, base),
    openWorker: (name, process, settings) => new Worker<JobData>(name, process, { ...settings, ...base }),
    openFlows: () => new FlowProducer(base),
  };
}

/** The schema that holds queues, beside the engine's own. */
const QUEUE_SCHEMA = 'sluice_queues';

/** Queues in the database itself, for a machine without Redis. Its tables are made when first used. */
export function createPostgresQueueBackend(databaseUrl: string): QueueBackend {
  const base = { connection: { connectionString: databaseUrl, schema: QUEUE_SCHEMA, migrate: true, max: 2 } };
  // The classes say for which backend they are; what is used of them here is the same for all.
  return {
    kind: 'postgres',
    openQueue: (name, settings) =>
      new Queue(name, { ...settings, ...base }, createPostgresBackend) as unknown as Queue<JobData>,
    openEvents: (name) => new QueueEvents(name, base, createPostgresBackend) as unknown as QueueEvents,
    openWorker: (name, process, settings) =>
      new Worker(
        name,
        process,
        { ...settings, ...base },
        createPostgresBackend,
      ) as unknown as Worker<JobData>,
    openFlows: () => new FlowProducer(base, createPostgresBackend) as unknown as FlowProducer,
  };
}
