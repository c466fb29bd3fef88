import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';

/** What serves the API. */
export function addServingCommands(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('serve the API; without DATABASE_URL on an embedded PostgreSQL, migrated and seeded')
    .action(async () => (await import('../commands/start.js')).start(context));

  program
    .command('dev')
    .description('serve, and serve anew at every edit of SDL, code and model')
    .action(async () => (await import('../commands/dev.js')).dev(context));
}
