import pg from 'pg';
import { withDeadline } from '../../kernel/deadline.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { onlyRow } from './only-row.js';
import type { Ask } from './outbox.js';

export interface DrainConnectionOptions {
  readonly url: string;
  /** Default: 2,000. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may take that names no bound of its own. Default: 3,000. */
  readonly deadlineMs?: number;
}

/** SQLSTATEs of a schema, table or function that is not there. */
const MISSING_STATES: ReadonlySet<unknown> = new Set(['3F000', '42P01', '42883']);

/** A connection that works, and where it leads. */
export interface Session {
  /** As `sluice.place()` names the database. */
  readonly place: string;
  readonly ask: Ask;
}

/**
 * One connection to the primary, opened when it is wanted and again after it broke; those who want it wait for each
 * other, since a statement that came in between would run in another's transaction. Holds nothing that outlives a
 * transaction, so that it may lead to PgBouncer in transaction mode.
 */
export class DrainConnection {
  readonly #options: Required<DrainConnectionOptions>;
  #client: pg.Client | null = null;
  #place = '';
  #lastUse: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: DrainConnectionOptions) {
    this.#options = { connectTimeoutMs: 2_000, deadlineMs: 3_000, ...options };
  }

  /**
   * Runs `work` when it is its turn. If it rejects, whatever transaction it left open is rolled back.
   *
   * @throws SluiceError `DATABASE_SCHEMA_LAGS` without the engine's tables, `SHUTTING_DOWN` once closed; else what
   *   `work` or the driver says
   */
  use<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const turn = this.#lastUse.then(async () => {
      const client = await this.#open();
      const ask: Ask = (text, deadlineMs) => this.#ask(client, text, deadlineMs);
      try {
        return await work({ place: this.#place, ask });
      } catch (error) {
        await this.#clear(client, ask);
        throw error;
      }
    });
    this.#lastUse = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for who is using it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#lastUse;
    await this.#client?.end();
    this.#client = null;
  }

  async #open(): Promise<pg.Client> {
    if (this.#isClosed) throw new SluiceError('SHUTTING_DOWN', 'The change log is closed');
    if (this.#client !== null) return this.#client;
    const client = new pg.Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: this.#options.connectTimeoutMs,
      application_name: 'sluice-changes',
      keepAlive: true,
    });
    // Unheard, it would end the process. Who is using it hears of it by the statement that fails.
    client.on('error', () => this.#drop(client));
    await client.connect();
    this.#client = client;
    try {
      this.#place = await this.#look(client);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
    return client;
  }

  /** Each new connection may lead to another server than the last one did. */
  async #look(client: pg.Client): Promise<string> {
    const results = await this.#ask(
      client,
      'SELECT sluice.place() AS place, pg_is_in_recovery() AS is_standby',
    );
    const row = onlyRow<{ readonly place: string; readonly is_standby: boolean }>(results);
    if (row.is_standby) {
      throw new SluiceError('DATABASE_UNAVAILABLE', 'Changes are taken from the primary; this is a replica');
    }
    return row.place;
  }

  async #ask(
    client: pg.Client,
    text: string,
    deadlineMs = this.#options.deadlineMs,
  ): Promise<pg.QueryResult[]> {
    try {
      const result: pg.QueryResult | pg.QueryResult[] = await withDeadline(
        client.query(text),
        deadlineMs,
        () => {
          // It would have to be waited for before anything else could be asked.
          this.#drop(client);
          return new SluiceError('TIMEOUT', `PostgreSQL did not answer within ${deadlineMs} ms`);
        },
      );
      return Array.isArray(result) ? result : [result];
    } catch (error) {
      throw MISSING_STATES.has((error as { readonly code?: unknown }).code) ? notInstalled(error) : error;
    }
  }

  /** The server rolls back with the connection's end too, but a new one takes longer. */
  async #clear(client: pg.Client, ask: Ask): Promise<void> {
    if (this.#client !== client) return;
    try {
      await ask('ROLLBACK');
    } catch {
      this.#drop(client);
    }
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = null;
    // With a statement under way this cuts the connection at once.
    void client.end().catch(() => undefined);
  }
}

function notInstalled(cause: unknown): SluiceError {
  return new SluiceError('DATABASE_SCHEMA_LAGS', 'The database has no change log', {
    hint: 'Run `sluice migrate`.',
    cause,
  });
}
