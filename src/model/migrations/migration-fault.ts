import { DatabaseError } from 'pg';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Migration } from './migration-folder.js';
import type { SqlStatement } from './sql-statements.js';

/** PostgreSQL refused one statement of a script. */
export class StatementRefused extends Error {
  override readonly name = 'StatementRefused';

  constructor(
    readonly statement: SqlStatement,
    override readonly cause: unknown,
  ) {
    super(describe(cause));
  }

  /** PostgreSQL tells a position only for some errors; then the line is exact, else where the statement begins. */
  get line(): number {
    const position = this.cause instanceof DatabaseError ? Number(this.cause.position ?? 1) : 1;
    // The position counts characters, JavaScript's strings count UTF-16 units.
    const before = Array.from(this.statement.text).slice(0, position - 1);
    return this.statement.line + before.filter((character) => character === '\n').length;
  }
}

/** What became of a migration. */
export interface MigrationFault {
  readonly migration: Migration;
  /** Whether all of it is undone; else the statements before the refused one stand. */
  readonly isRolledBack: boolean;
  readonly error: unknown;
  /** Why the failure could not be recorded in the database, or null. */
  readonly recordError: unknown;
}

/** SQLSTATE of "… already exists": table or index, other object, column, schema, function. */
const ALREADY_EXISTS = new Set(['42P07', '42710', '42701', '42P06', '42723']);

/** The error for people: the file, the line, PostgreSQL's words, what to do. */
export function toMigrationError({
  migration,
  isRolledBack,
  error,
  recordError,
}: MigrationFault): SluiceError {
  const place = error instanceof StatementRefused ? `${migration.file}:${error.line}` : migration.file;
  const hints = [
    isRolledBack
      ? 'Nothing of it was applied: mend the file and migrate again.'
      : 'It can not run in one transaction, and the statements before this one have been applied: mend the file and the database, and migrate again.',
  ];
  if (isAlreadyThere(error)) {
    const command = `npx prisma migrate resolve --applied ${migration.name}`;
    hints.push(`If the database already has all that it creates, mark it as applied: ${command}`);
  }
  if (recordError !== null) hints.push(`The failure could not be recorded: ${describe(recordError)}`);
  const message = `The migration ${migration.name} failed (${place}): ${describe(error)}`;
  return new SluiceError('MIGRATION_FAILED', message, { hint: hints.join(' '), cause: error });
}

/** What `_prisma_migrations.logs` keeps of a failure. */
export function toMigrationLog(error: unknown): string {
  return error instanceof StatementRefused ? `line ${error.line}: ${error.message}` : describe(error);
}

function isAlreadyThere(error: unknown): boolean {
  const cause = error instanceof StatementRefused ? error.cause : null;
  return cause instanceof DatabaseError && ALREADY_EXISTS.has(String(cause.code));
}

function describe(error: unknown): string {
  if (!(error instanceof DatabaseError)) return String(error);
  return [error.message, error.detail, error.hint].filter((part) => part !== undefined).join('. ');
}
