import { Cluster, type Redis } from 'ioredis';
import { type BlockPolicy, NO_BLOCKS } from '../blocks/block-policy.js';
import { checkCharge } from '../charge.js';
import type { Decision, LimitedOperation, Limiter } from '../limiter.js';
import { decodeReply } from './decode-reply.js';
import { type BatchedOperation, encodeBatch } from './encode-batch.js';
import { joinParts } from './join-parts.js';
import { createLimitScript, SERVER_CLOCK } from './limit-script.js';
import { createRedisLimitKeys, type RedisLimitKeys } from './redis-limit-keys.js';
import { RedisScript } from './redis-script.js';
import { splitBySlot } from './slot-parts.js';

/** One call of the script, after it has ended. */
export interface LimitCall {
  readonly operations: number;
  readonly isAnswered: boolean;
}

export interface RedisLimiterOptions {
  /** Stays its owner's. */
  readonly redis: Redis | Cluster;
  /** Keeps apart what shares a Redis. */
  readonly place: string;
  /** Default: nobody is blocked. */
  readonly blocks?: BlockPolicy;
  /** What is slower is taken for lost. Default: 50. */
  readonly deadlineMs?: number;
  /** Charges of one call, about; more go in several, of which Redis does one while the
   * next is written. Default: 100. */
  readonly maxChargesPerCall?: number;
  readonly onCall?: (call: LimitCall) => void;
  /** Of each operation that was decided. */
  readonly onDecision?: (decision: Decision, operation: LimitedOperation) => void;
  /** Lua that sets `now`. Default: the time of the server that has the keys. */
  readonly clock?: string;
}

interface Waiting {
  readonly operation: BatchedOperation;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (error: unknown) => void;
}

/** All operations go to one server; in a cluster they go by slot. */
const ONE_SERVER = -1;

/**
 * Counts for all nodes on one Redis or cluster. All budgets of an operation are decided in one call, and operations of
 * one turn of the event loop share calls.
 *
 * In a cluster, the budgets of one key are. An operation whose keys lie in several slots is decided slot after slot
 * until one denies it; what slots before that have charged stays charged, so that it is never granted too much.
 */
export class RedisLimiter implements Limiter {
  readonly #keys: RedisLimitKeys;
  readonly #policy: BlockPolicy;
  readonly #script: RedisScript;
  readonly #probe: RedisScript;
  readonly #maxChargesPerCall: number;
  readonly #options: RedisLimiterOptions;
  #waiting = new Map<number, Waiting[]>();
  #lostKey: string;

  constructor(options: RedisLimiterOptions) {
    this.#options = options;
    this.#keys = createRedisLimitKeys(options.place);
    this.#policy = options.blocks ?? NO_BLOCKS;
    this.#maxChargesPerCall = options.maxChargesPerCall ?? 100;
    this.#lostKey = this.#keys.blockEnds;
    const deadlineMs = options.deadlineMs ?? 50;
    const text = createLimitScript(options.clock ?? SERVER_CLOCK);
    this.#script = new RedisScript(options.redis, { text, deadlineMs });
    this.#probe = new RedisScript(options.redis, { text: PROBE_SCRIPT, deadlineMs });
  }

  /** @throws RedisLossError */
  take({ charges, subject }: LimitedOperation): Promise<Decision> {
    return this.#ask({ charges, subject, mode: 'take' });
  }

  /** @throws RedisLossError */
  peek({ charges, subject }: LimitedOperation): Promise<Decision> {
    return this.#ask({ charges, subject, mode: 'peek' });
  }

  /**
   * Resolves if the server that did not answer last time does now.
   *
   * @throws RedisLossError
   */
  async probe(): Promise<void> {
    await this.#probe.run([`${this.#lostKey}:probe`], []);
  }

  async #ask(operation: BatchedOperation): Promise<Decision> {
    for (const charge of operation.charges) checkCharge(charge);
    if (!(this.#options.redis instanceof Cluster)) return this.#enqueue(ONE_SERVER, operation);
    const decisions: Decision[] = [];
    for (const { slot, operation: part } of splitBySlot(operation, this.#keys)) {
      const decision = await this.#enqueue(slot, part);
      decisions.push(decision);
      if (decision.outcome !== 'granted') break;
    }
    return joinParts(operation.charges, decisions);
  }

  #enqueue(slot: number, operation: BatchedOperation): Promise<Decision> {
    return new Promise((resolve, reject) => {
      // After what arrived in this turn of the event loop has been read.
      if (this.#waiting.size === 0) setImmediate(() => this.#flush());
      const waiting = this.#waiting.get(slot);
      if (waiting === undefined) this.#waiting.set(slot, [{ operation, resolve, reject }]);
      else waiting.push({ operation, resolve, reject });
    });
  }

  #flush(): void {
    const queues = this.#waiting;
    this.#waiting = new Map();
    for (const waiting of queues.values()) {
      let from = 0;
      let charges = 0;
      for (let n = 0; n < waiting.length; n++) {
        charges += waiting[n]?.operation.charges.length ?? 0;
        if (charges < this.#maxChargesPerCall && n < waiting.length - 1) continue;
        void this.#send(waiting.slice(from, n + 1));
        from = n + 1;
        charges = 0;
      }
    }
  }

  /** Never rejects: those who wait do. */
  async #send(waiting: readonly Waiting[]): Promise<void> {
    const operations = waiting.map(({ operation }) => operation);
    const { keys, text } = encodeBatch(operations, this.#keys, this.#policy);
    let decisions: readonly Decision[];
    try {
      decisions = decodeReply((await this.#script.run(keys, [text])) as number[], operations);
    } catch (error) {
      this.#lostKey = keys[0] ?? this.#lostKey;
      this.#options.onCall?.({ operations: operations.length, isAnswered: false });
      for (const { reject } of waiting) reject(error);
      return;
    }
    this.#options.onCall?.({ operations: operations.length, isAnswered: true });
    for (const [n, { resolve, operation }] of waiting.entries()) {
      const decision = decisions[n];
      if (decision === undefined) continue;
      this.#options.onDecision?.(decision, operation);
      resolve(decision);
    }
  }
}

/**
 * Whether the server can be written to: a full one, or a replica, answers all else.
 *
 * KEYS: 1 a key of the server that is meant
 */
const PROBE_SCRIPT = `redis.call('SET', KEYS[1], '1', 'PX', 1000)`;
