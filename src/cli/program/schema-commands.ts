import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';

/** What tells of the schema. */
export function addSchemaCommands(program: Command, context: CommandContext): void {
  program
    .command('schema')
    .description('about the schema that clients see')
    .command('print')
    .description('print it as SDL')
    .option('--out <file>', 'write it to a file')
    .action(async (flags: { out?: string }) =>
      (await import('../commands/schema-print.js')).printSchema(context, flags.out ?? null),
    );

  program
    .command('check')
    .description('bind the SDL to the model and tell every fault; needs no database')
    .action(async () => (await import('../commands/check.js')).check(context));
}
