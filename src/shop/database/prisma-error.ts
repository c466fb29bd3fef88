import { Prisma } from '../../generated/prisma/client.js';

/** What Prisma Client says went wrong. */
export interface PrismaError {
  /** One of Prisma's codes, such as `P2002`. */
  readonly code: string;
  /** The name of the broken constraint, or null. */
  readonly constraint: string | null;
}

/** `$queryRaw` and `$executeRaw` fail with this code whatever happened; the driver adapter's kind tells more. */
const RAW_QUERY_FAILED = 'P2010';
const CODES_BY_KIND: ReadonlyMap<unknown, string> = new Map([
  ['UniqueConstraintViolation', 'P2002'],
  ['ForeignKeyConstraintViolation', 'P2003'],
  ['TransactionWriteConflict', 'P2034'],
  ['DatabaseNotReachable', 'P1001'],
  ['ConnectionClosed', 'P1017'],
  ['TooManyConnections', 'P2037'],
]);

/** Null where the error is none that Prisma knows. */
export function readPrismaError(error: unknown): PrismaError | null {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return null;
  // What the driver adapter made of PostgreSQL's error: untyped data.
  const cause = ['driverAdapterError', 'cause'];
  const constraint = readPath(error.meta, [...cause, 'constraint', 'index']);
  const code =
    error.code === RAW_QUERY_FAILED
      ? CODES_BY_KIND.get(readPath(error.meta, [...cause, 'kind']))
      : error.code;
  return { code: code ?? error.code, constraint: typeof constraint === 'string' ? constraint : null };
}

function readPath(value: unknown, path: readonly string[]): unknown {
  let current: unknown = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Readonly<Record<string, unknown>>)[name];
  }
  return current;
}
