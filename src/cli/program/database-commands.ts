import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { readScale } from '../option-readers.js';

/** What prepares a database. */
export function addDatabaseCommands(program: Command, context: CommandContext): void {
  const migrate = program
    .command('migrate')
    .description('apply the migrations that the database has not seen')
    .option('--status', 'only tell what would be applied')
    .action(async (flags: { status?: true }) =>
      (await import('../commands/migrate.js')).migrate(context, { isStatusOnly: flags.status === true }),
    );
  migrate
    .command('new <name>')
    .description('write a migration that leads from prisma/migrations to prisma/schema.prisma')
    .action(async (name: string) =>
      (await import('../commands/migrate-new.js')).writeMigration(context, name),
    );

  const capture = program
    .command('capture')
    .description('about the triggers by which the database tells of changes');
  capture
    .command('install')
    .description('make or mend them; tables are locked against writers for some milliseconds each')
    .option('--print', 'only print the SQL')
    .action(async (flags: { print?: true }) =>
      (await import('../commands/capture.js')).install(context, { isPrintOnly: flags.print === true }),
    );
  capture
    .command('status')
    .description('tell whether every model is captured, and what waits to be told')
    .action(async () => (await import('../commands/capture.js')).status(context));
  capture
    .command('remove')
    .description('take them away')
    .action(async () => (await import('../commands/capture.js')).remove(context));

  program
    .command('seed')
    .description("fill Sluice's own, embedded database with the app's rows")
    .option('--scale <n>', 'how many: 1 is the default, 10 ten times as many', readScale, 1)
    .option('--reset', 'throw away what is there first')
    .action(async (flags: { scale: number; reset?: true }) =>
      (await import('../commands/seed.js')).seed(context, {
        scale: flags.scale,
        isReset: flags.reset === true,
      }),
    );
}
