import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { readCount } from '../option-readers.js';

/** What is kept. */
export function addCacheCommands(program: Command, context: CommandContext): void {
  const cache = program.command('cache').description('about answers that are kept');
  cache
    .command('explain <file>')
    .description(
      'ask a running server what its cache has to do with the operation in a file, or in - from stdin',
    )
    .option('--variables <json>', 'its variables')
    .option('--operation <name>', 'which one, where the file has several')
    .option('--url <url>', 'of the API. Without: on this machine, on the configured port')
    .option('--token <token>', 'as whom; staff in production')
    .action(
      async (file: string, flags: { variables?: string; operation?: string; url?: string; token?: string }) =>
        (await import('../commands/cache-explain.js')).explainCache(context, {
          file,
          variables: flags.variables ?? null,
          operation: flags.operation ?? null,
          url: flags.url ?? null,
          token: flags.token ?? null,
        }),
    );
  cache
    .command('purge')
    .description('have what is kept be computed again, on every server')
    .option('--all', 'everything')
    .option('--field <coordinate...>', 'answers with a field at their top, such as Query.products')
    .option('--type <name...>', 'answers that show objects of a type')
    .option('--tag <tag...>', 'answers that carry a tag, such as Product:42')
    .action(async (flags: { all?: true; field?: string[]; type?: string[]; tag?: string[] }) =>
      (await import('../commands/cache-purge.js')).purgeCache(context, {
        all: flags.all === true,
        fields: flags.field ?? [],
        types: flags.type ?? [],
        tags: flags.tag ?? [],
      }),
    );

  cache
    .command('warm [file]')
    .description(
      'have a running server answer operations before anybody asks: those of a file (.json, .graphql), or those asked most',
    )
    .option('--recorded <n>', 'so many of those that were asked most lately. Without a file: 50', readCount)
    .option('--url <url>', 'of the API. Without: on this machine, on the configured port')
    .option('--token <token>', 'of staff. Without: one for this, in development')
    .action(async (file: string | undefined, flags: { recorded?: number; url?: string; token?: string }) =>
      (await import('../commands/cache-warm.js')).warmCache(context, {
        file: file ?? null,
        recorded: flags.recorded ?? (file === undefined ? 50 : 0),
        url: flags.url ?? null,
        token: flags.token ?? null,
      }),
    );
}
