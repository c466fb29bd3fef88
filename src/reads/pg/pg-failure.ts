import { isNativeError } from 'node:util/types';
import { SluiceError } from '../../kernel/sluice-error.js';

/** SQLSTATEs by which the server says that this connection, or the server itself, is going or gone. */
const LOST_STATES = /^(?:08|57P0[1-4]|25P03)/;
/** It takes no connection: too many, out of memory or disk, no such database, wrong password. */
const UNAVAILABLE_STATES = /^(?:53|28|3D000)/;
/** Cancelled for lasting too long: statement_timeout, lock_timeout, transaction_timeout. */
const TIMEOUT_STATES = /^(?:57014|55P03|25P04)/;
/** A value that its type refuses. */
const REFUSED_VALUE_STATES = /^22/;
/** The prepared statement is unknown, or another one has its name: somebody swaps connections below us. */
const FOREIGN_STATEMENT_STATES = /^(?:26000|42P05)/;
/** The columns of a prepared statement have changed since it was prepared, as by a migration. */
const OUTDATED_STATEMENT_STATES = /^0A000/;
/** No class of SQLSTATEs begins with an E, which Node's error codes of five characters do (EPIPE). */
const SQLSTATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

/** What pg says, without any code, when a connection ended. */
const LOST_MESSAGES: ReadonlySet<string> = new Set([
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
]);
const UNAVAILABLE_MESSAGES: ReadonlySet<string> = new Set([
  'Connection terminated due to connection timeout',
  'Cannot use a pool after calling end on the pool',
]);
/** What pg says, without any code, when no connection came free, or no answer came, in time. */
const TIMEOUT_MESSAGES: ReadonlySet<string> = new Set([
  'timeout exceeded when trying to connect',
  'Query read timeout',
]);

export type PgFailure =
  /** The connection broke: another one may do. */
  | 'lost'
  | 'unavailable'
  | 'timeout'
  | 'refused-value'
  | 'foreign-statement'
  | 'outdated-statement'
  /** A defect of the statement or of the database. */
  | 'other';

export function classifyPgFailure(error: unknown): PgFailure {
  // Not instanceof: errors of Node's own may come from another realm, as they do in a test runner's sandbox.
  if (!isNativeError(error)) return 'other';
  // Several addresses were tried and all failed; any of them tells the kind.
  if ('errors' in error && Array.isArray(error.errors)) return classifyPgFailure(error.errors[0]);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '') return classifyMessage(error.message);
  // Node's codes of sockets, names and certificates; ERR_INVALID_ is what it says to a wrong argument.
  if (!SQLSTATE.test(code)) return code.startsWith('ERR_INVALID_') ? 'other' : 'lost';
  if (LOST_STATES.test(code)) return 'lost';
  if (UNAVAILABLE_STATES.test(code)) return 'unavailable';
  if (TIMEOUT_STATES.test(code)) return 'timeout';
  if (REFUSED_VALUE_STATES.test(code)) return 'refused-value';
  if (FOREIGN_STATEMENT_STATES.test(code)) return 'foreign-statement';
  if (OUTDATED_STATEMENT_STATES.test(code)) return 'outdated-statement';
  return 'other';
}

/** Whether the connection that a statement failed on can take another one. */
export function isReusableAfter(error: unknown): boolean {
  const isFromServer = isNativeError(error) && 'severity' in error && error.severity === 'ERROR';
  const failure = classifyPgFailure(error);
  return (
    isFromServer && failure !== 'lost' && failure !== 'foreign-statement' && failure !== 'outdated-statement'
  );
}

function classifyMessage(message: string): PgFailure {
  if (LOST_MESSAGES.has(message)) return 'lost';
  if (UNAVAILABLE_MESSAGES.has(message)) return 'unavailable';
  return TIMEOUT_MESSAGES.has(message) ? 'timeout' : 'other';
}

/** The failure as the port's callers know it. The database's own words stay in `cause`. */
export function toReadError(error: unknown): unknown {
  switch (classifyPgFailure(error)) {
    case 'lost':
    case 'unavailable':
      return new SluiceError('DATABASE_UNAVAILABLE', 'The database is not available.', { cause: error });
    case 'timeout':
      return new SluiceError('TIMEOUT', 'The database did not answer in time.', { cause: error });
    case 'refused-value':
      return new SluiceError('BAD_USER_INPUT', 'A value is not valid for its type.', { cause: error });
    case 'foreign-statement':
      return new SluiceError('INTERNAL_SERVER_ERROR', 'The database lost track of a prepared statement.', {
        cause: error,
        hint: 'Behind PgBouncer in transaction mode, set SLUICE_DATABASE_PREPARED=off.',
      });
    case 'outdated-statement':
    case 'other':
      return error;
  }
}
