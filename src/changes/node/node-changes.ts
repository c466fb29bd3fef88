import { withDeadline } from '../../kernel/deadline.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Logger } from '../../telemetry/logger.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';
import type { Changes, ChangesStatus, Settled } from '../changes.js';
import type { DrainConnection } from '../drain/drain-connection.js';
import { measureOutbox } from '../drain/outbox.js';
import type { ChangeLog } from '../log/change-log.js';
import { includes, type Position } from '../position.js';
import { AppliedLog } from './applied-log.js';
import { CaptureWatch } from './capture-watch.js';
import { LogFollower } from './log-follower.js';
import { type DrainOutcome, NodeDrains } from './node-drains.js';
import { OwnWrites } from './own-writes.js';
import { Poller } from './poller.js';
import { Trust } from './trust.js';
import { voidModels } from './void-models.js';

export interface NodeChangesOptions {
  readonly connection: DrainConnection;
  /** Apart: how things stand is asked just when drains hang. */
  readonly statusConnection: DrainConnection;
  readonly logKind: ChangeLog['kind'];
  readonly openLog: (place: string) => ChangeLog;
  readonly metrics: ChangesMetrics;
  readonly log: Logger;
  readonly findUncaptured: () => Promise<readonly string[]>;
  /** What it found just before; null: nobody has looked. */
  readonly uncaptured: readonly string[] | null;
  readonly maxLagMs: number;
  readonly pollIntervalMs: number;
  readonly settleTimeoutMs: number;
  readonly proofTimeoutMs: number;
  readonly maxBacklogRows: number;
  readonly captureCheckIntervalMs: number;
  readonly nowMs: () => number;
}

/** Rows beyond this are not counted. */
const MAX_COUNTED_ROWS = 1_000_000;
/** After a vain attempt to prove anything, nobody waits for another one this soon. */
const VAIN_PROOF_PAUSE_MS = 100;

/** See `Changes`: here are the parts put together. */
export class NodeChanges implements Changes {
  readonly #options: NodeChangesOptions;
  readonly #applied = new AppliedLog();
  readonly #trust: Trust;
  readonly #drains: NodeDrains;
  readonly #poller: Poller;
  readonly #ownWrites: OwnWrites;
  readonly #capture: CaptureWatch;
  #proof: Promise<void> | null = null;
  #wasVain = false;
  #nextProofAtMs = Number.NEGATIVE_INFINITY;
  #isFailing = false;

  constructor(options: NodeChangesOptions) {
    this.#options = options;
    const { nowMs, log, metrics, connection } = options;
    this.#trust = new Trust({ maxLagMs: options.maxLagMs, nowMs });
    const parts = { applied: this.#applied, trust: this.#trust, nowMs };
    this.#drains = new NodeDrains({
      ...parts,
      connection,
      openLog: options.openLog,
      follower: new LogFollower(parts),
      maxBacklogRows: options.maxBacklogRows,
      onShared: () => metrics.drainsShared.inc(),
      onOutcome: (outcome, durationMs, error) => this.#noteOutcome(outcome, durationMs, error),
    });
    this.#capture = new CaptureWatch({
      uncaptured: options.uncaptured,
      findUncaptured: options.findUncaptured,
      voidModels: async (models) => {
        await connection.use(({ ask }) => voidModels(ask, models));
        await this.#drains.drain('take');
      },
      intervalMs: options.captureCheckIntervalMs,
      nowMs,
      onFailure: (error) => log.warn({ err: error }, 'Could not check whether changes are captured'),
      onUncaptured: (models) =>
        log.warn({ models }, 'Changes of these models are not captured; nothing that shows them is kept'),
    });
    this.#ownWrites = new OwnWrites({
      trust: this.#trust,
      drain: (need) => this.#drains.drain(need),
      timeoutMs: options.settleTimeoutMs,
      nowMs,
    });
    this.#poller = new Poller({
      intervalMs: options.pollIntervalMs,
      nowMs,
      follow: () => this.#follow(),
      drain: (need, time) => this.#drains.drain(need, time),
      ownTimeMs: () => this.#drains.ownTimeMs,
      onPoll: () => this.#capture.lookIfDue(),
    });
  }

  get position(): Position {
    return this.#applied.position;
  }

  isTrusted(): boolean {
    this.#poller.noteDemand(this.#options.nowMs());
    return this.#trust.isTrusted;
  }

  async ensureTrusted(): Promise<boolean> {
    if (this.isTrusted()) return true;
    // Nothing but a drain that succeeds helps then, and one is tried again and again.
    if (this.#trust.pendingWrites === 0 && this.#options.nowMs() >= this.#nextProofAtMs) {
      this.#proof ??= this.#prove().finally(() => {
        this.#proof = null;
      });
      // Where the last one was in vain, this one is most likely too: nobody waits for it, and who comes later profits.
      if (!this.#wasVain) await this.#proof;
    }
    const { fault } = this.#trust;
    if (fault !== null) this.#options.metrics.trustLost.inc({ cause: fault });
    return fault === null;
  }

  isValid(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): boolean {
    return this.#applied.isValid(stamp, tagHashes, modelHashes);
  }

  findVoidingTag(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): string | null {
    return this.#applied.findVoidingTag(stamp, tagHashes, modelHashes);
  }

  get mayServeStale(): boolean {
    return this.#trust.isSettled;
  }

  isCaptured(model: string): boolean {
    return this.#capture.isCaptured(model);
  }

  settle(cause: 'wrote' | 'may-have-written'): Promise<Settled> {
    this.#poller.noteDemand(this.#options.nowMs());
    return this.#ownWrites.settle(cause === 'wrote' ? 'take' : 'peek');
  }

  async waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    this.#poller.noteDemand(this.#options.nowMs());
    if (includes(this.position, position)) return true;
    try {
      await withDeadline(this.#reach(position), timeoutMs, () => new SluiceError('TIMEOUT', 'too late'));
    } catch {
      // Reported where it failed; the caller reads the primary.
    }
    return includes(this.position, position);
  }

  async readStatus(): Promise<ChangesStatus> {
    const outbox = await this.#options.statusConnection.use(({ ask }) =>
      measureOutbox(ask, MAX_COUNTED_ROWS),
    );
    return {
      log: this.#options.logKind,
      position: this.position,
      horizon: this.#applied.horizon,
      fault: this.#trust.fault,
      lagMs: this.#trust.lagMs,
      outbox,
      uncaptured: this.#capture.uncaptured,
    };
  }

  async close(): Promise<void> {
    this.#poller.close();
    this.#ownWrites.close();
    await Promise.all([this.#options.connection.close(), this.#options.statusConnection.close()]);
    await this.#drains.close();
  }

  /** Reads the log; if that doesn't do, asks PostgreSQL itself. */
  async #prove(): Promise<void> {
    try {
      await withDeadline(
        this.#proveOnce(),
        this.#options.proofTimeoutMs,
        () => new SluiceError('TIMEOUT', 'too late'),
      );
    } catch {
      // Reported where it failed.
    }
    this.#wasVain = !this.#trust.isTrusted;
    if (this.#wasVain) this.#nextProofAtMs = this.#options.nowMs() + VAIN_PROOF_PAUSE_MS;
  }

  async #proveOnce(): Promise<void> {
    const followed = await this.#follow();
    if (!this.#trust.isTrusted) await this.#drains.drain('peek', followed?.time ?? null);
  }

  async #reach(position: Position): Promise<void> {
    await this.#follow();
    // Where the log doesn't have it, PostgreSQL knows whether there is such a position at all.
    if (!includes(this.position, position)) await this.#drains.drain('peek');
  }

  async #follow(): Promise<Awaited<ReturnType<NodeDrains['follow']>>> {
    try {
      return await this.#drains.follow();
    } catch (error) {
      this.#noteFailure(error);
      throw error;
    }
  }

  #noteOutcome(outcome: DrainOutcome, durationMs: number, error: unknown): void {
    const { metrics, log } = this.#options;
    metrics.drains.inc({ outcome });
    metrics.drainDurationSeconds.observe(durationMs / 1000);
    if (error !== null) {
      this.#noteFailure(error);
    } else if (this.#isFailing) {
      this.#isFailing = false;
      log.info('Changes are known again');
    }
  }

  /** Once per outage, not once per attempt. */
  #noteFailure(error: unknown): void {
    if (error instanceof SluiceError && error.code === 'SHUTTING_DOWN') return;
    this.#trust.noteFailure(faultOf(error));
    if (!this.#isFailing)
      this.#options.log.warn({ err: error }, 'Changes can not be followed; caches stand aside');
    this.#isFailing = true;
  }
}

function faultOf(error: unknown): 'log-away' | 'not-captured' | 'lagging' {
  if (!(error instanceof SluiceError)) return 'lagging';
  if (error.code === 'CHANGE_LOG_UNAVAILABLE') return 'log-away';
  return error.code === 'DATABASE_SCHEMA_LAGS' ? 'not-captured' : 'lagging';
}
