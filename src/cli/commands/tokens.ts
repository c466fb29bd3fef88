import { revokeToken } from '../../identity/revocation/token-revocations.js';
import type { CommandContext } from '../command-context.js';
import { requireEngineSchema } from '../require-engine-schema.js';
import { useDatabase } from '../use-database.js';

/**
 * Has the token with this `jti` hold no longer, on any server of the database.
 *
 * @throws SluiceError `DATABASE_SCHEMA_LAGS`
 */
export async function revoke(
  context: CommandContext,
  { jti, expiresAt }: { readonly jti: string; readonly expiresAt: Date | null },
): Promise<void> {
  const { terminal } = context;
  await useDatabase(context, async ({ client }) => {
    await requireEngineSchema(client);
    await revokeToken(client, { jti, expiresAt });
    terminal.out(`${terminal.colors.green('✓')} ${jti}  holds no longer`);
  });
}
