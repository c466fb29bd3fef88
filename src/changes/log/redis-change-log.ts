import { withDeadline } from '../../kernel/deadline.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { APPEND_SCRIPT } from './append-script.js';
import type { ChangeLog, LogEntry, LogReading, LogTime } from './change-log.js';
import { formatHeartbeat, parseHeartbeat } from './heartbeat-text.js';
import { READ_SCRIPT } from './read-script.js';
import { formatRecord, parseRecords } from './record-text.js';
import { followRedis, type RedisLink } from './redis-link.js';
import { createRedisLogKeys, type RedisLogKeys } from './redis-log-keys.js';

export interface RedisChangeLogOptions {
  /** Stays its owner's. */
  readonly redis: RedisClient;
  /** The database whose log it is, as `sluice.place()` names it. */
  readonly place: string;
  /** Records that are kept, about. Default: 100,000. */
  readonly maxRecords?: number;
  /** Records that one reading brings at most. Default: 2,500, some milliseconds of Redis's time. */
  readonly maxReadRecords?: number;
  /** Bytes of records after which a reading stops. Default: 4 MiB. */
  readonly maxReadBytes?: number;
  /** How long the log lives after the last append. Default: one day. */
  readonly ttlSeconds?: number;
  /** What is slower is taken for lost. Default: 50. */
  readonly deadlineMs?: number;
}

type TimeReply = readonly [seconds: string, microseconds: string];
type ReadReply = readonly [...TimeReply, heartbeat: string, isPartial: number, records: string];

/**
 * The log of many nodes: a list of records for each epoch, and one heartbeat. Plain Redis, behind
 * Sentinel, or a cluster.
 */
export class RedisChangeLog implements ChangeLog {
  readonly kind = 'redis';
  readonly #redis: RedisClient;
  readonly #keys: RedisLogKeys;
  readonly #link: RedisLink;
  readonly #maxRecords: number;
  readonly #maxReadRecords: number;
  readonly #maxReadBytes: number;
  readonly #ttlSeconds: number;
  readonly #deadlineMs: number;

  constructor(options: RedisChangeLogOptions) {
    this.#redis = options.redis;
    this.#keys = createRedisLogKeys(options.place);
    this.#link = followRedis(options.redis, this.#keys.heartbeat);
    this.#maxRecords = options.maxRecords ?? 100_000;
    this.#maxReadRecords = options.maxReadRecords ?? 2_500;
    this.#maxReadBytes = options.maxReadBytes ?? 4_194_304;
    this.#ttlSeconds = options.ttlSeconds ?? 86_400;
    this.#deadlineMs = options.deadlineMs ?? 50;
  }

  async readTime(): Promise<LogTime> {
    const { connection } = this.#link;
    // By way of the key, since on a cluster each server has a clock of its own.
    const reply = await this.#ask(() => this.#redis.eval(TIME_SCRIPT, 1, this.#keys.heartbeat));
    return { timeMs: toMs(reply as TimeReply), connection };
  }

  async append({ record, heartbeat }: LogEntry, connection: number): Promise<boolean> {
    this.#requireConnection(connection);
    const keys = [this.#keys.heartbeat, this.#keys.records(heartbeat.epoch)];
    const values = [
      formatHeartbeat(heartbeat),
      this.#ttlSeconds,
      this.#maxRecords,
      record === null ? '' : record.id,
      record === null ? '' : formatRecord(record),
    ];
    const reply = await this.#ask(() => this.#redis.eval(APPEND_SCRIPT, keys.length, ...keys, ...values));
    // A cluster may have redirected the command on its way.
    this.#requireConnection(connection);
    return reply === 1;
  }

  async read({ epoch, id }: { readonly epoch: string; readonly id: number }): Promise<LogReading> {
    const reading = await this.#readEpoch(epoch, id);
    const current = reading.heartbeat?.epoch;
    // Which records to read can't be known before the heartbeat is; a script has to be told its keys beforehand.
    if (current === undefined || current === epoch) return reading;
    const again = await this.#readEpoch(current, 0);
    return again.heartbeat?.epoch === current ? again : { ...again, records: [], isPartial: true };
  }

  async close(): Promise<void> {
    this.#link.close();
  }

  async #readEpoch(epoch: string, id: number): Promise<LogReading> {
    const { connection } = this.#link;
    const keys = [this.#keys.heartbeat, this.#keys.records(epoch)];
    const values = [id, this.#maxReadRecords, this.#maxReadBytes];
    const reply = await this.#ask(() => this.#redis.eval(READ_SCRIPT, keys.length, ...keys, ...values));
    const [seconds, microseconds, heartbeat, isPartial, records] = reply as ReadReply;
    return {
      heartbeat: heartbeat === '' ? null : parseHeartbeat(heartbeat),
      // Without a heartbeat nothing tells whether these are of the epoch that stands.
      records: heartbeat === '' ? [] : parseRecords(records),
      isPartial: isPartial === 1,
      timeMs: toMs([seconds, microseconds]),
      connection,
    };
  }

  #requireConnection(connection: number): void {
    if (this.#link.connection !== connection) throw logAway('Its connection has changed meanwhile.');
  }

  /** @throws SluiceError `CHANGE_LOG_UNAVAILABLE` */
  async #ask(send: () => Promise<unknown>): Promise<unknown> {
    // A command that waits for a connection would be carried out at some later time.
    if (!this.#link.isReady) throw logAway('There is no connection.');
    const reply = send().catch((error: unknown) => {
      throw logAway('It failed.', error);
    });
    return withDeadline(reply, this.#deadlineMs, () => logAway(`No answer within ${this.#deadlineMs} ms.`));
  }
}

/**
 * KEYS: 1 any key of the server whose clock is wanted
 * Returns seconds and microseconds since 1970.
 */
const TIME_SCRIPT = `return redis.call('TIME')`;

function toMs([seconds, microseconds]: TimeReply): number {
  return Number(seconds) * 1000 + Number(microseconds) / 1000;
}

function logAway(reason: string, cause?: unknown): SluiceError {
  return new SluiceError('CHANGE_LOG_UNAVAILABLE', `The change log in Redis can't be used. ${reason}`, {
    cause,
  });
}
