import pg from 'pg';
import type { AppDefinition } from '../../gateway/app-definition.js';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { connectDatabase } from './connect-database.js';

/**
 * The database that Sluice makes for itself on its own PostgreSQL. A comment on the database says that it is
 * Sluice's and how far it got; no other database is ever filled or dropped.
 */
export interface OwnedDatabase {
  readonly url: string;
  readonly state: OwnedState;
}

/**
 * `new`: nobody has filled it · `filling`: somebody began to and was cut off, so it holds nobody's work ·
 * `filled`: it is the user's from now on.
 */
export type OwnedState = 'new' | 'filling' | 'filled';

export const OWNED_DATABASE = 'sluice';
const MARK = /^Made by Sluice; (new|filling|filled)$/;
const CONNECT_TIMEOUT_MS = 10_000;

/** Finds Sluice's database, or makes it. One whose filling was cut off is made anew. */
export async function openOwnedDatabase(adminUrl: string): Promise<OwnedDatabase> {
  const url = new URL(adminUrl);
  url.pathname = `/${OWNED_DATABASE}`;
  const admin = await connectDatabase(adminUrl, CONNECT_TIMEOUT_MS);
  try {
    const state = await readState(admin, OWNED_DATABASE);
    const isKept = state === 'filled' || state === 'new';
    if (isKept) await nameSearchPath(admin);
    else await recreate(admin);
    return { url: url.href, state: isKept ? state : 'new' };
  } finally {
    await admin.end();
  }
}

/** Throws away all that is in Sluice's own database. */
export async function resetOwnedDatabase(adminUrl: string): Promise<void> {
  const admin = await connectDatabase(adminUrl, CONNECT_TIMEOUT_MS);
  try {
    await recreate(admin);
  } finally {
    await admin.end();
  }
}

/** Whether Sluice made the database that a client is connected to, and how far it got; null: it didn't. */
export async function readOwnedState(client: pg.Client): Promise<OwnedState | null> {
  return readState(client, client.database ?? '');
}

export interface FillOptions {
  readonly client: pg.Client;
  readonly databaseUrl: string;
  readonly app: AppDefinition;
  readonly scale: number;
  readonly env: Config['env'];
  onProgress(step: string, done: number, total: number): void;
}

/** Runs the app's seed on Sluice's own database, marked such that a seed that is cut off is found. */
export async function fillOwnedDatabase(options: FillOptions): Promise<void> {
  const { client, databaseUrl, app, scale, env, onProgress } = options;
  const database = client.database ?? '';
  await writeState(client, database, 'filling');
  await app.seed?.({ databaseUrl, scale, env, onProgress });
  await writeState(client, database, 'filled');
}

async function recreate(admin: pg.Client): Promise<void> {
  const name = pg.escapeIdentifier(OWNED_DATABASE);
  const { rows } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [OWNED_DATABASE]);
  if (rows.length > 0) {
    if ((await readState(admin, OWNED_DATABASE)) === null) throw foreignFault();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
  await admin.query(`CREATE DATABASE ${name}`);
  await nameSearchPath(admin);
  await writeState(admin, OWNED_DATABASE, 'new');
}

/** The server's role is called as the engine's schema, and by default a role's own schema comes first. */
async function nameSearchPath(admin: pg.Client): Promise<void> {
  await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(OWNED_DATABASE)} SET search_path = public`);
}

function foreignFault(): SluiceError {
  return new SluiceError('CONFLICT', `The database ${OWNED_DATABASE} is there, and Sluice did not make it`, {
    hint: 'Rename it; it is neither filled nor dropped.',
  });
}

async function readState(client: pg.Client, database: string): Promise<OwnedState | null> {
  const { rows } = await client.query<{ mark: string | null }>(
    "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1",
    [database],
  );
  return (MARK.exec(rows[0]?.mark ?? '')?.[1] as OwnedState | undefined) ?? null;
}

async function writeState(client: pg.Client, database: string, state: OwnedState): Promise<void> {
  await client.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(database)} IS 'Made by Sluice; ${state}'`);
}
