import type { ClientBase, Pool, PoolClient } from 'pg';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Statement } from '../../model/sql/statement.js';
import { classifyPgFailure, isReusableAfter, toReadError } from './pg-failure.js';
import { PipelinedClients, type PipelineSettings } from './pipelined-clients.js';
import { isPreparable, type Preparation, PreparedStatements, StatementNames } from './prepared-statements.js';
import type { TextRow } from './row-decoder.js';
import { TextQuery } from './text-query.js';

/** The wire counts them in 16 bits, and what is more breaks the connection. */
const MAX_VALUES = 65_535;

/** Callers that wait for a connection at once, at most, unless said otherwise. */
const MAX_WAITING = 1_000;

/** All that is asked of a pool; whoever made it closes it. */
export type PgPool = Pick<Pool, 'connect' | 'waitingCount'>;

/**
 * What a read is expected to be: `short` ones share a connection with others and wait for those before them; `long`
 * ones, aggregates and counts among them, have one to themselves.
 */
export type ReadClass = 'short' | 'long';

export interface StatementRunnerOptions {
  readonly pool: PgPool;
  /** Whether statements may be prepared under a name, which outlives the transaction. */
  readonly prepared: boolean;
  /** For short reads; null: they use the pool as well. */
  readonly pipelines?: PipelineSettings | null | undefined;
  /** Callers that wait for a connection of the pool, at most; whoever comes then is refused at once. Default: 1,000. */
  readonly maxWaiting?: number | undefined;
  /** Called with the text of each statement that is sent. */
  readonly onStatement?: ((text: string) => void) | undefined;
}

/**
 * Sends reads: short ones on pipelined connections, the others each on a connection of its own. Reads change nothing,
 * so one whose connection turned out to be broken, as after a restart of PostgreSQL, is sent once more on another.
 */
export class StatementRunner {
  private readonly names = new StatementNames();
  private readonly prepared = new WeakMap<ClientBase, PreparedStatements>();
  private readonly pipelines: PipelinedClients | null;
  private readonly maxWaiting: number;

  constructor(private readonly options: StatementRunnerOptions) {
    const { pipelines = null, maxWaiting = MAX_WAITING } = options;
    this.pipelines =
      pipelines === null
        ? null
        : new PipelinedClients(pipelines, (client, statement) => this.prepare(client, statement, true));
    this.maxWaiting = maxWaiting;
  }

  /** @throws SluiceError as `RowReader` says, or the driver's error. */
  async run(statement: Statement, readClass: ReadClass): Promise<readonly TextRow[]> {
    if (statement.values.length > MAX_VALUES) {
      throw new SluiceError('LIST_TOO_LARGE', 'A filter holds more values than one statement takes.');
    }
    try {
      const rows = readClass === 'short' ? await this.runPipelined(statement) : null;
      return rows ?? (await this.runPooled(statement));
    } catch (error) {
      throw error instanceof SluiceError ? error : toReadError(error);
    }
  }

  /** Lets go of the connections that are this runner's own. The pool is its owner's. */
  async end(): Promise<void> {
    await this.pipelines?.end();
  }

  /** Null where it belongs on the pool. */
  private async runPipelined(statement: Statement): Promise<readonly TextRow[] | null> {
    if (this.pipelines === null || !this.pipelines.hasRoomFor(statement)) return null;
    this.options.onStatement?.(statement.text);
    try {
      return await this.pipelines.run(statement);
    } catch (error) {
      // What is wrong with the statement itself is wrong on the pool too; all else may be another statement's doing.
      const failure = classifyPgFailure(error);
      if (failure === 'refused-value' || failure === 'other') throw error;
      return null;
    }
  }

  private async runPooled(statement: Statement): Promise<readonly TextRow[]> {
    const { pool, prepared } = this.options;
    if (pool.waitingCount >= this.maxWaiting) {
      throw new SluiceError('OVERLOADED', 'Too many requests wait for the database.');
    }
    const client = await pool.connect();
    try {
      return await this.send(client, statement, prepared);
    } catch (error) {
      const failure = classifyPgFailure(error);
      if (failure !== 'lost' && failure !== 'outdated-statement') throw error;
      // Another connection may hold the outdated statement too: the second time nothing is prepared.
      return await this.send(await pool.connect(), statement, false);
    }
  }

  private send(client: PoolClient, statement: Statement, isNamed: boolean): Promise<readonly TextRow[]> {
    this.options.onStatement?.(statement.text);
    return new Promise((resolve, reject) => {
      // A connection that breaks rejects its statement with this same error, and emits it besides: without
      // a listener that would end the process.
      client.on('error', reject);
      const query = new TextQuery(statement, this.prepare(client, statement, isNamed), (error, rows = []) => {
        client.off('error', reject);
        client.release(error !== null && !isReusableAfter(error));
        if (error === null) resolve(rows);
        else reject(error);
      });
      client.query(query);
    });
  }

  private prepare(client: ClientBase, { text }: Statement, isNamed: boolean): Preparation | null {
    if (!isNamed || !isPreparable(text)) return null;
    let prepared = this.prepared.get(client);
    if (prepared === undefined) {
      prepared = new PreparedStatements();
      this.prepared.set(client, prepared);
    }
    return { name: this.names.get(text), prepared };
  }
}
