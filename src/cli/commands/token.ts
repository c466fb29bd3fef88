import { signDevelopmentToken } from '../../identity/development-token.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { CommandContext } from '../command-context.js';
import { findJwtSecret } from '../development-secret.js';

export interface TokenOptions {
  readonly user: string;
  readonly tier?: string;
  readonly scope?: readonly string[];
}

/** @throws SluiceError `CONFIG_INVALID` in production without a secret */
export async function printToken(
  context: CommandContext,
  { user, tier, scope }: TokenOptions,
): Promise<void> {
  const secret = findJwtSecret(context.readConfig(), context.paths.stateDirectory);
  if (secret === null) {
    throw new SluiceError('CONFIG_INVALID', 'There is no key to sign tokens with', {
      hint: 'Set SLUICE_IDENTITY_JWT_SECRET to the one that the server has.',
    });
  }
  context.terminal.out(await signDevelopmentToken({ secret, viewerId: user, tier, scopes: scope }));
}
