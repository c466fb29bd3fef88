import type { ClientBase, Pool, PoolClient } from 'pg';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Statement } from '../../model/sql/statement.js';
import { classifyPgFailure, isReusableAfter, toReadError } from './pg-failure.js';
import { isPreparable, PreparedStatements, StatementNames } from './prepared-statements.js';
import type { TextRow } from './row-decoder.js';
import { TextQuery } from './text-query.js';

/** The wire counts them in 16 bits, and what is more breaks the connection. */
const MAX_VALUES = 65_535;

/** All that is asked of a pool; whoever made it closes it. */
export type PgPool = Pick<Pool, 'connect'>;

export interface StatementRunnerOptions {
  readonly pool: PgPool;
  /** Whether statements may be prepared under a name, which outlives the transaction. */
  readonly prepared: boolean;
  /** Called with the text of each statement that is sent. */
  readonly onStatement?: ((text: string) => void) | undefined;
}

/**
 * Sends reads, each on a connection of its own. Reads change nothing, so one whose connection turned out to
 * be broken, as after a restart of PostgreSQL, is sent once more on another.
 */
export class StatementRunner {
  private readonly names = new StatementNames();
  private readonly prepared = new WeakMap<ClientBase, PreparedStatements>();

  constructor(private readonly options: StatementRunnerOptions) {}

  /** @throws SluiceError as `RowReader` says, or the driver's error. */
  async run(statement: Statement): Promise<readonly TextRow[]> {
    const { pool, prepared } = this.options;
    if (statement.values.length > MAX_VALUES) {
      throw new SluiceError('LIST_TOO_LARGE', 'A filter holds more values than one statement takes.');
    }
    try {
      const client = await pool.connect();
      try {
        return await this.send(client, statement, prepared);
      } catch (error) {
        const failure = classifyPgFailure(error);
        if (failure !== 'lost' && failure !== 'outdated-statement') throw error;
        // Another connection may hold the outdated statement too: the second time nothing is prepared.
        return await this.send(await pool.connect(), statement, false);
      }
    } catch (error) {
      throw toReadError(error);
    }
  }

  private send(client: PoolClient, statement: Statement, named: boolean): Promise<readonly TextRow[]> {
    this.options.onStatement?.(statement.text);
    return new Promise((resolve, reject) => {
      // A connection that breaks rejects its statement with this same error, and emits it besides: without
      // a listener that would end the process.
      client.on('error', reject);
      const query = new TextQuery(
        statement,
        named && isPreparable(statement.text) ? this.prepare(client, statement) : null,
        (error, rows = []) => {
          client.off('error', reject);
          client.release(error !== null && !isReusableAfter(error));
          if (error === null) resolve(rows);
          else reject(error);
        },
      );
      client.query(query);
    });
  }

  private prepare(client: PoolClient, { text }: Statement) {
    let prepared = this.prepared.get(client);
    if (prepared === undefined) {
      prepared = new PreparedStatements();
      this.prepared.set(client, prepared);
    }
    return { name: this.names.get(text), prepared };
  }
}
