import {
  issueApiKey,
  type ListedApiKey,
  listApiKeys,
  revokeApiKey,
} from '../../identity/api-keys/api-key-store.js';
import { Tiers } from '../../identity/tiers.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';
import type { CommandContext } from '../command-context.js';
import { loadProject } from '../load-project.js';
import { requireEngineSchema } from '../require-engine-schema.js';
import type { Colors } from '../terminal.js';
import { toMinute } from '../to-minute.js';
import { useDatabase } from '../use-database.js';

export interface CreateKeyOptions {
  readonly name: string;
  readonly user: string;
  readonly tier: string;
  readonly scope?: readonly string[];
  /** Null: it doesn't expire. */
  readonly expiresAt: Date | null;
}

/**
 * Makes a key and prints it, this once.
 *
 * @throws SluiceError `BAD_USER_INPUT` for a tier that the app doesn't have, `DATABASE_SCHEMA_LAGS`
 */
export async function createKey(context: CommandContext, options: CreateKeyOptions): Promise<void> {
  const { terminal } = context;
  const { app } = await loadProject(context.findProject());
  const tiers = new Tiers(app.tiers);
  const { name, user: viewerId, tier, scope: scopes = [], expiresAt } = options;
  if (tiers.find(tier) === null) throw new SluiceError('BAD_USER_INPUT', tiers.explainUnknown(tier));
  await withKeys(context, async (client) => {
    terminal.out(await issueApiKey(client, { name, viewerId, tier, scopes, expiresAt }));
    terminal.note(`Keep it: it is shown this once. Send it as "Sluice-Key: …".`);
  });
}

/** @throws SluiceError `DATABASE_SCHEMA_LAGS` */
export async function listKeys(context: CommandContext): Promise<void> {
  const { terminal } = context;
  await withKeys(context, async (client) => {
    const keys = await listApiKeys(client);
    for (const key of keys) terminal.out(renderKey(key, new Date(), terminal.colors));
    if (keys.length === 0) terminal.out('There are no keys.');
  });
}

/** @throws SluiceError `NOT_FOUND`, `DATABASE_SCHEMA_LAGS` */
export async function revokeKey(context: CommandContext, prefix: string): Promise<void> {
  const { terminal } = context;
  await withKeys(context, async (client) => {
    if (!(await revokeApiKey(client, prefix)))
      throw new SluiceError('NOT_FOUND', `There is no key with the prefix ${prefix}`, {
        hint: 'npm run sluice -- keys list',
      });
    terminal.out(`${terminal.colors.green('✓')} ${prefix}  holds no longer`);
  });
}

function withKeys(context: CommandContext, work: (client: SqlClient) => Promise<void>): Promise<void> {
  return useDatabase(context, async ({ client }) => {
    await requireEngineSchema(client);
    await work(client);
  });
}

function renderKey(key: ListedApiKey, now: Date, { green, red, dim }: Colors): string {
  const ended = findEnd(key, now);
  const scopes = key.scopes.length === 0 ? '' : ` [${key.scopes.join(' ')}]`;
  const used = key.lastUsedAt === null ? 'never used' : `used ${toMinute(key.lastUsedAt)}`;
  const until = key.expiresAt === null ? '' : `, until ${toMinute(key.expiresAt)}`;
  const state = ended === null ? green('✓') : red('✗');
  const facts = `made ${toMinute(key.createdAt)}, ${used}${until}${ended === null ? '' : `, ${ended}`}`;
  return `${state} ${key.prefix}  ${key.name}  ${key.viewerId} ${key.tier}${scopes}  ${dim(facts)}`;
}

function findEnd({ revokedAt, expiresAt }: ListedApiKey, now: Date): string | null {
  if (revokedAt !== null) return `revoked ${toMinute(revokedAt)}`;
  return expiresAt !== null && expiresAt <= now ? 'expired' : null;
}
