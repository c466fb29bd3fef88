import pg from 'pg';
import type { Statement } from '../../model/sql/statement.js';
import type { Preparation } from './prepared-statements.js';
import type { TextRow } from './row-decoder.js';

type Callback = (error: Error | null, rows?: readonly TextRow[]) => void;

/**
 * One statement on pg's wire, for pg's `client.query`: one message out, rows back as the server's text. It
 * spares what pg's own query does for callers who don't know their columns (the description of every
 * result, an emitter and a second copy of every row), and closes prepared statements, which pg's keeps for
 * as long as the connection lives.
 *
 * The `handle…` methods are those that pg's client calls on what it has been given to submit.
 */
export class TextQuery implements pg.Submittable {
  /** Read and replaced by pg's client, for its timeout. */
  callback: Callback;
  private readonly found: TextRow[] = [];

  /** `preparation` null: the statement is parsed anew and leaves nothing on the connection. */
  constructor(
    private readonly statement: Statement,
    private readonly preparation: Preparation | null,
    callback: Callback,
  ) {
    this.callback = callback;
  }

  /** All messages go out together: corked, they are one packet. */
  submit(connection: pg.Connection): null {
    connection.stream.cork();
    const name = this.prepare(connection);
    connection.bind({ statement: name, values: [...this.statement.values] }, false);
    connection.execute(null, false);
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleDataRow(message: { readonly fields: TextRow }): void {
    this.found.push(message.fields);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null, this.found);
  }

  handleError(error: Error): void {
    if (this.preparation !== null) this.preparation.prepared.forget(this.preparation.name);
    this.callback(error);
  }

  private prepare(connection: pg.Connection): string {
    const { text } = this.statement;
    if (this.preparation === null) {
      connection.parse({ name: '', text, types: [] }, false);
      return '';
    }
    const { name, prepared } = this.preparation;
    if (prepared.use(name)) return name;
    // Closing what isn't there is no error: after a failure nobody knows whether it is.
    connection.close({ type: 'S', name }, false);
    for (const evicted of prepared.add(name, text.length)) {
      connection.close({ type: 'S', name: evicted }, false);
    }
    connection.parse({ name, text, types: [] }, false);
    return name;
  }
}

// A pipelining client takes queries of pg's own class alone, since others may keep a portal open over several round
// trips. This one never does; being of that class by its prototype spares the emitter and the result it would make.
Object.setPrototypeOf(TextQuery.prototype, pg.Query.prototype);
