import type { Command } from 'commander';
import { DEFAULT_TIER } from '../../identity/viewer.js';
import type { CommandContext } from '../command-context.js';
import { readDate } from '../option-readers.js';

/** Who may ask, and how much. */
export function addCallerCommands(program: Command, context: CommandContext): void {
  program
    .command('token')
    .description('print a bearer token for development, good for a day')
    .requiredOption('--user <id>', "the viewer's id")
    .option('--tier <name>', "the viewer's tier")
    .option('--scope <name...>', 'what the viewer may do')
    .action(async (flags: { user: string; tier?: string; scope?: string[] }) =>
      (await import('../commands/token.js')).printToken(context, flags),
    );

  program
    .command('tokens')
    .description('about bearer tokens that are in use')
    .command('revoke <jti>')
    .description('have the token with this `jti` hold no longer, on every server')
    .option(
      '--expires <date>',
      'when it expires; nothing is remembered after. Without: remembered for ever',
      readDate,
    )
    .action(async (jti: string, flags: { expires?: Date }) =>
      (await import('../commands/tokens.js')).revoke(context, { jti, expiresAt: flags.expires ?? null }),
    );

  const keys = program.command('keys').description('about API keys, which programs send as Sluice-Key');
  keys
    .command('create')
    .description('make one and print it, this once')
    .requiredOption('--name <text>', 'what it is for')
    .requiredOption('--user <id>', "the viewer's id")
    .option('--tier <name>', "the viewer's tier", DEFAULT_TIER)
    .option('--scope <name...>', 'what the viewer may do')
    .option(
      '--expires <date>',
      'until when it holds, such as 2030-01-31. Without: until it is revoked',
      readDate,
    )
    .action(async (flags: { name: string; user: string; tier: string; scope?: string[]; expires?: Date }) =>
      (await import('../commands/keys.js')).createKey(context, {
        ...flags,
        expiresAt: flags.expires ?? null,
      }),
    );
  keys
    .command('list')
    .description('tell which there are, whose, and when they were last used')
    .action(async () => (await import('../commands/keys.js')).listKeys(context));
  keys
    .command('revoke <prefix>')
    .description('have the key that begins so hold no longer, on every server')
    .action(async (prefix: string) => (await import('../commands/keys.js')).revokeKey(context, prefix));

  const limits = program.command('limits').description('about callers who overran their limits');
  limits
    .command('list')
    .description('tell who is blocked, until when, and whose block was lifted')
    .action(async () => (await import('../commands/limits.js')).listBlocks(context));
  limits
    .command('lift <who>')
    .description('let one in again, named as `limits list` does')
    .action(async (who: string) => (await import('../commands/limits.js')).liftBlock(context, who));
}
