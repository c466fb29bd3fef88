import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { readSeconds } from '../option-readers.js';

/** What helps to look and try. */
export function addToolCommands(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('ask, change a row from outside, ask again: what is kept is never older than the database')
    .action(async () => (await import('../commands/demo.js')).demo(context));

  program
    .command('sql <statement>')
    .description('run SQL on the database, as another program would; - reads it from stdin')
    .option('--json', 'one JSON object a row')
    .option('--timeout <seconds>', 'how long it may take, up to 3,600', readSeconds, 30)
    .action(async (statement: string, flags: { json?: true; timeout: number }) =>
      (await import('../commands/sql.js')).runSql(context, {
        statement,
        isJson: flags.json === true,
        timeoutSeconds: flags.timeout,
      }),
    );

  program
    .command('env')
    .description('print every setting, with its default, as a .env to fill in')
    .option('--out <file>', 'write it to a file')
    .action(async (flags: { out?: string }) =>
      (await import('../commands/env.js')).printEnv(context, flags.out ?? null),
    );

  program
    .command('changes')
    .description('about the change log')
    .command('tail')
    .description('print it as it grows: what each write voids')
    .option('--model <name>', 'only changes of this model')
    .option('--json', 'one JSON object a line')
    .action(async (flags: { model?: string; json?: true }) =>
      (await import('../commands/changes-tail.js')).tailChanges(context, {
        model: flags.model ?? null,
        isJson: flags.json === true,
      }),
    );

  const graphiql = program.command('graphiql').description('about the page at /graphiql');
  graphiql
    .command('build')
    .description('build it, unless that is done; `start` does so by itself')
    .action(async () => (await import('../commands/graphiql-build.js')).buildPage(context));
}
