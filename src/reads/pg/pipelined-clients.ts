import type { ClientBase } from 'pg';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Statement } from '../../model/sql/statement.js';
import { ANSWER_GRACE_MS, type PoolSettings } from './create-pool.js';
import { PipelineClient } from './pipeline-client.js';
import type { Preparation } from './prepared-statements.js';
import type { TextRow } from './row-decoder.js';
import { TextQuery } from './text-query.js';

export interface PipelineSettings extends Omit<PoolSettings, 'poolSize' | 'prepared' | 'statementTimeoutMs'> {
  /** Connections; each takes statements without waiting for the answers to those before. */
  readonly pipelines: number;
  /** A statement that lasts longer is cancelled here, for everyone behind it waits, and runs on the pool instead. */
  readonly shortTimeoutMs: number;
}

/** Statements on one connection that are not answered yet; who finds all full takes a pool's connection. */
const MAX_IN_FLIGHT = 64;
/** A statement that takes longer than this as a rule holds up those behind it, and goes to the pool for a while. */
const SLOW_MS = 50;
/** How much the last run counts: once 50 times as long, or always a little longer, is slow; a busy moment is not. */
const LAST_RUN_WEIGHT = 1 / 8;
/** After which it may show that it has become faster, as after a new index. */
const SLOW_MEMORY_MS = 60_000;
const MAX_TIMED_STATEMENTS = 1_000;
const MAX_TIMED_CHARACTERS = 4_000_000;
/** How often a connection is looked at that owes an answer. */
const WATCH_INTERVAL_MS = 250;

/** Prepares a statement on a client. */
export type Prepare = (client: ClientBase, statement: Statement) => Preparation | null;

/**
 * A few connections for short reads. On each, statements are sent one behind the other without waiting, so that many
 * callers share a packet and no connection idles for a round trip; the price is that a slow one delays all behind it,
 * and that a connection which fails takes all of them along. Hence only what is expected to be short goes here, what
 * turns out not to be is sent to the pool for a while, and whoever fails here may be asked again there.
 *
 * Sessions use generic plans: `LIMIT $1` makes PostgreSQL plan anew at each execution otherwise, which costs as much
 * as the execution. A statement that a generic plan makes slow leaves for the pool by the same rule.
 */
export class PipelinedClients {
  private readonly lanes: Lane[];
  /** How long statements lately took, by their texts. What is fast leaves no trace. */
  private readonly lately = new BoundedCache<number>({
    maxEntries: MAX_TIMED_STATEMENTS,
    maxWeight: MAX_TIMED_CHARACTERS,
  });

  constructor(
    settings: PipelineSettings,
    private readonly prepare: Prepare,
  ) {
    this.lanes = Array.from({ length: settings.pipelines }, () => new Lane(settings));
  }

  /** Whether the statement may be sent here now. */
  hasRoomFor({ text }: Statement): boolean {
    if ((this.lately.get(text) ?? 0) > SLOW_MS) return false;
    return this.lanes.some((lane) => lane.inFlight < MAX_IN_FLIGHT);
  }

  /** @throws the driver's error; reads may be sent again elsewhere */
  async run(statement: Statement): Promise<readonly TextRow[]> {
    const lane = this.lanes.reduce((least, other) => (other.inFlight < least.inFlight ? other : least));
    const { rows, error, elapsedMs } = await lane.run(statement, this.prepare);
    this.note(statement.text, elapsedMs);
    if (error !== null) throw error;
    return rows;
  }

  private note(text: string, elapsedMs: number): void {
    const before = this.lately.get(text) ?? 0;
    const average = before + (elapsedMs - before) * LAST_RUN_WEIGHT;
    if (average > 1) this.lately.set(text, average, { weight: text.length, ttlMs: SLOW_MEMORY_MS });
    else if (before > 0) this.lately.delete(text);
  }

  /** Waits for what is in flight. */
  async end(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.end()));
  }
}

interface Answer {
  readonly rows: readonly TextRow[];
  readonly error: Error | null;
  /** Since the answer before it, or since it was sent where there was none to wait for. */
  readonly elapsedMs: number;
}

/** One connection, opened when it is first needed and again after it was lost. */
class Lane {
  inFlight = 0;
  private client: PipelineClient | null = null;
  private opening: Promise<PipelineClient> | null = null;
  private lastProgressMs = 0;
  private watch: NodeJS.Timeout | undefined;

  constructor(private readonly settings: PipelineSettings) {}

  async run(statement: Statement, prepare: Prepare): Promise<Answer> {
    this.inFlight += 1;
    try {
      const client = this.client ?? (await this.open());
      return await this.send(client, statement, prepare(client, statement));
    } finally {
      this.inFlight -= 1;
    }
  }

  async end(): Promise<void> {
    const client = this.client ?? (await this.opening?.catch(() => null)) ?? null;
    await client?.end();
  }

  private send(
    client: PipelineClient,
    statement: Statement,
    preparation: Preparation | null,
  ): Promise<Answer> {
    return new Promise((resolve) => {
      if (this.inFlight === 1) this.lastProgressMs = performance.now();
      client.send(
        new TextQuery(statement, preparation, (error, rows = []) => {
          const now = performance.now();
          resolve({ rows, error, elapsedMs: now - this.lastProgressMs });
          this.lastProgressMs = now;
        }),
      );
    });
  }

  private open(): Promise<PipelineClient> {
    this.opening ??= this.connect().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async connect(): Promise<PipelineClient> {
    const { url, connectTimeoutMs, shortTimeoutMs, applicationName = 'sluice', onIdleError } = this.settings;
    const client = new PipelineClient({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      statement_timeout: shortTimeoutMs,
      keepAlive: true,
      pipeline: true,
    });
    client.on('error', (error) => {
      this.forget(client);
      if (this.inFlight === 0) onIdleError?.(error);
    });
    client.on('end', () => this.forget(client));
    await client.connect();
    this.client = client;
    this.lastProgressMs = performance.now();
    // The server cancels what lasts too long; a server that has fallen silent cancels nothing.
    this.watch = setInterval(() => {
      const silentMs = performance.now() - this.lastProgressMs;
      if (this.inFlight > 0 && silentMs > shortTimeoutMs + ANSWER_GRACE_MS) client.drop();
    }, WATCH_INTERVAL_MS);
    this.watch.unref();
    return client;
  }

  private forget(client: PipelineClient): void {
    if (this.client !== client) return;
    this.client = null;
    clearInterval(this.watch);
  }
}
