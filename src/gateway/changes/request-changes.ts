import type { Changes, Settled } from '../../changes/changes.js';
import { includes, type Position } from '../../changes/position.js';
import type { ModelGraph } from '../../model/model-graph.js';
import type { ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';
import { ClientReads } from './client-reads.js';
import { RequestWrites } from './request-writes.js';
import { watchClient } from './watched-client.js';

/** What is the same for all requests. */
export interface RequestChangesParts {
  /** Null: nobody follows changes. */
  readonly changes: Changes | null;
  /** The app's Prisma Client, or what stands in its place. */
  readonly client: unknown;
  readonly graph: ModelGraph;
  readonly metrics: ChangesMetrics;
  readonly settleTimeoutMs: number;
  readonly positionTimeoutMs: number;
}

/**
 * What one request knows of changes: its own writes, and how far it must see. The operations of a batch share one.
 */
export class RequestChanges {
  /** Null until someone asks for the client; most requests never do. */
  private writes: RequestWrites | null = null;
  private readonly forks: (() => void)[] = [];
  private watched: unknown = null;
  private recorder: ReadRecorder | null = null;
  private isBehind = false;
  private hasPending = false;
  private newest: Position | null = null;

  /**
   * @param wanted sent by the client: what it has written is to be seen
   * @param onWrite called when a write has ended: what was read before may be outdated
   */
  constructor(
    private readonly parts: RequestChangesParts,
    private readonly wanted: Position | null,
    private readonly onWrite: () => void,
    /** Null: it is the request's own. */
    private readonly root: RequestChanges | null = null,
  ) {}

  /** For a part of the request that is recorded by itself: what it writes, the request has written. */
  fork(onWrite: () => void): RequestChanges {
    const root = this.root ?? this;
    root.forks.push(onWrite);
    return new RequestChanges(this.parts, null, onWrite, root);
  }

  /** The client that notes what is written through it. */
  get client(): unknown {
    const { client } = this.parts;
    if (typeof client !== 'object' || client === null) return client;
    this.watched ??= watchClient(
      client,
      this.ownWrites,
      new ClientReads(this.parts.graph, () => this.recorder),
    );
    return this.watched;
  }

  /**
   * Whether what is remembered may be used and added to. False once something was written, and where the position
   * that the client named could not be reached: everything is to be read from the primary then.
   */
  get mayUseCaches(): boolean {
    if (this.root !== null) return this.root.mayUseCaches;
    return !this.isBehind && this.writes?.haveBegun !== true;
  }

  /** From now on it is noted what is read through the client. */
  record(recorder: ReadRecorder): void {
    this.recorder = recorder;
  }

  /** Whether an answer of this request may be kept for others: nothing was written that they don't know of. */
  get mayKeep(): boolean {
    if (this.root !== null) return this.root.mayKeep;
    return !this.isBehind && this.writes?.haveWritten !== true;
  }

  /** Where all that was written and settled stands; null where nothing was, or not all of it could be told. */
  get position(): Position | null {
    return this.hasPending ? null : this.newest;
  }

  /** Waits, within bounds, until this node has come to the position that the client named. */
  async reachPosition(): Promise<void> {
    const { changes, metrics, positionTimeoutMs } = this.parts;
    if (changes === null || this.wanted === null) return;
    const isReached = await changes.waitFor(this.wanted, positionTimeoutMs);
    metrics.positionWaits.inc({ outcome: isReached ? 'reached' : 'primary' });
    if (!isReached) this.isBehind = true;
  }

  /** Has everybody told what was written since the last call; null where nothing was, or nobody follows changes. */
  async settle(): Promise<Settled | null> {
    const { changes, metrics, settleTimeoutMs } = this.parts;
    if (changes === null || this.writes === null) return null;
    const noted = await this.writes.take(settleTimeoutMs);
    if (noted === null) return null;
    const told = await changes.settle(noted.cause);
    // Of what is still being written nobody can be told yet.
    const settled: Settled = noted.areDone ? told : { isDrained: false };
    metrics.settles.inc({ cause: noted.cause, outcome: settled.isDrained ? 'drained' : 'pending' });
    if (!settled.isDrained) this.hasPending = true;
    else if (this.newest === null || !includes(this.newest, settled.position)) this.newest = settled.position;
    return settled;
  }

  /** Notes what the engine itself writes for this request. */
  write<Result>(work: () => Promise<Result>): Promise<Result> {
    const writes = this.ownWrites;
    writes.begin('wrote');
    return writes.track(work(), () => 'wrote');
  }

  private get ownWrites(): RequestWrites {
    if (this.root !== null) return this.root.ownWrites;
    this.writes ??= new RequestWrites(() => {
      this.onWrite();
      for (const tell of this.forks) tell();
    });
    return this.writes;
  }
}
