import { text } from 'node:stream/consumers';
import pg from 'pg';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { CommandContext } from '../command-context.js';
import { renderTable } from '../table.js';
import { useDatabase } from '../use-database.js';

export interface SqlOptions {
  /** `-`: from standard input. */
  readonly statement: string;
  readonly isJson: boolean;
  readonly timeoutSeconds: number;
}

/** Rows that are shown at most; `--json` shows all. */
const MAX_ROWS = 100;

/**
 * Runs SQL on the project's database, as another program would: nothing of Sluice is between.
 *
 * @throws SluiceError `BAD_USER_INPUT` for SQL that PostgreSQL refuses
 */
export async function runSql(context: CommandContext, options: SqlOptions): Promise<void> {
  const statement = options.statement === '-' ? await text(process.stdin) : options.statement;
  if (statement.trim() === '') throw new SluiceError('BAD_USER_INPUT', 'There is no SQL to run');
  await useDatabase(context, async ({ client }) => {
    await client.query(`SET statement_timeout = ${options.timeoutSeconds * 1000}`);
    for (const result of await ask(client, statement)) show(context, result, options);
  });
}

async function ask(client: pg.Client, statement: string): Promise<readonly pg.QueryArrayResult[]> {
  try {
    const answered: pg.QueryArrayResult | pg.QueryArrayResult[] = await client.query({
      text: statement,
      rowMode: 'array',
    });
    return [answered].flat();
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw explain(error, statement);
    throw error;
  }
}

function explain(error: pg.DatabaseError, statement: string): SluiceError {
  const before = error.position === undefined ? null : statement.slice(0, Number(error.position) - 1);
  const lines = before?.split('\n') ?? [];
  const place = before === null ? '' : `, line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return new SluiceError(
    'BAD_USER_INPUT',
    `PostgreSQL refuses this (${error.code}${place}): ${error.message}`,
    {
      hint: error.hint ?? error.detail,
      cause: error,
    },
  );
}

function show({ terminal }: CommandContext, result: pg.QueryArrayResult, { isJson }: SqlOptions): void {
  const { fields, rows, command, rowCount } = result;
  const columns = fields.map(({ name }) => name);
  if (isJson) {
    for (const row of rows) {
      terminal.out(JSON.stringify(Object.fromEntries(columns.map((name, index) => [name, row[index]]))));
    }
    return;
  }
  if (columns.length > 0) terminal.out(renderTable(columns, rows.slice(0, MAX_ROWS)));
  if (rows.length > MAX_ROWS) terminal.note(`… ${rows.length - MAX_ROWS} more rows. --json shows all.`);
  terminal.note(
    `${command ?? 'Done'}${rowCount === null ? '' : `, ${rowCount} ${rowCount === 1 ? 'row' : 'rows'}`}`,
  );
}
