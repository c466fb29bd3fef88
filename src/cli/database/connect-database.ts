import pg from 'pg';
import { redactPassword } from '../../kernel/config/redact-value.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { findSystemCode } from '../../kernel/system-code.js';

/**
 * One connection, which the caller ends.
 *
 * @throws SluiceError `DATABASE_UNREACHABLE` that says which host and why, without the password; `CONFLICT` where what
 *   is made without a schema's name would be made in the engine's
 */
export async function connectDatabase(url: string, timeoutMs: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    application_name: 'sluice',
  });
  // A connection that breaks fails the statement that waits for it, which is enough.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw explainConnectError(error, {
      url,
      host: client.host,
      port: client.port,
      database: client.database,
    });
  }
  await refuseEngineSchema(client);
  return client;
}

/**
 * A role that is called as the engine's schema has that first in its search path ("$user"), so that migrations would
 * go there and not where the app's tables are.
 *
 * @throws SluiceError `CONFLICT`
 */
async function refuseEngineSchema(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_user AS role, current_schema() = 'sluice' AS is_engine",
  );
  if (rows[0]?.is_engine !== true) return;
  await client.end();
  throw new SluiceError(
    'CONFLICT',
    `The role ${rows[0].role} has the schema "sluice" first in its search path, which is Sluice's own`,
    { hint: `ALTER ROLE ${pg.escapeIdentifier(rows[0].role)} SET search_path = public;` },
  );
}

interface Target {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly database: string | undefined;
}

function explainConnectError(error: unknown, target: Target): SluiceError {
  const place = `${target.host}:${target.port}`;
  const [reason, hint] = findReason(error, target);
  return new SluiceError('DATABASE_UNREACHABLE', `PostgreSQL at ${place} can't be reached: ${reason}`, {
    hint: `${hint} DATABASE_URL is ${redactPassword(target.url)}`,
    cause: error,
  });
}

/** What is wrong, and what to do. Codes of five characters are PostgreSQL's own. */
function findReason(error: unknown, { host, database }: Target): [string, string] {
  const attempt = firstOf(error);
  const code = findSystemCode(attempt);
  // Not by `instanceof Error`, which an error of Node's own need not be under test.
  const message = String((attempt as Partial<Error> | null)?.message ?? attempt);
  switch (code) {
    case 'ECONNREFUSED':
      return ['nothing listens there', 'Start it, or correct host and port.'];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return [`the name ${host} leads nowhere`, 'Correct the host.'];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return ['the network leads nowhere', 'Check the network, a firewall or VPN.'];
    case '28P01':
    case '28000':
      return [message, 'Correct user and password.'];
    case '3D000':
      return [`there is no database ${database}`, `Make it (createdb ${database}) or correct the name.`];
    case '53300':
      return ['it has no connection left', 'Close some, or raise its max_connections.'];
    case '57P03':
      return ['it is starting up or shutting down', 'Try again in a moment.'];
    default:
      if (/timeout/i.test(message)) return ['it does not answer in time', 'Check host, port and firewall.'];
      return [message || String(code), 'Correct the URL.'];
  }
}

/** Where a name has several addresses, each attempt failed; the first tells enough. */
function firstOf(error: unknown): unknown {
  const attempts = (error as Partial<AggregateError> | null)?.errors;
  return Array.isArray(attempts) ? attempts[0] : error;
}
