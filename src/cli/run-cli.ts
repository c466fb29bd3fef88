import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { DEFAULT_TIER } from '../identity/viewer.js';
import { readConfig } from '../kernel/config/read-config.js';
import type { CommandContext } from './command-context.js';
import { readCount, readDate, readScale, readSeconds } from './option-readers.js';
import { findProject, getProjectPaths } from './project.js';
import { isDebugging, reportError } from './report-error.js';
import { isStopRequest } from './stop-signals.js';
import { createTerminal, type Terminal } from './terminal.js';

export interface CliOptions {
  readonly args: readonly string[];
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal?: Terminal;
  /** Aborted when the command is to end. */
  readonly stopSignal: AbortSignal;
  /** Where the compiled code is. Default: `dist` below the root. */
  readonly codeDirectory?: string;
}

/** Runs one command line to its end; what goes wrong is told on the terminal. Returns the exit code. */
export async function runCli(options: CliOptions): Promise<number> {
  const { root, env, stopSignal, codeDirectory } = options;
  const terminal =
    options.terminal ?? createTerminal({ stdout: process.stdout, stderr: process.stderr, env });
  const context: CommandContext = {
    root,
    paths: getProjectPaths(root),
    terminal,
    env,
    stopSignal,
    readConfig: () => readConfig(env),
    findProject: () => findProject({ root, codeDirectory }),
  };
  try {
    await createProgram(context).parseAsync(options.args, { from: 'user' });
    if (stopSignal.aborted && !isStopRequest(stopSignal)) throw stopSignal.reason;
    return 0;
  } catch (error) {
    // Commander has told what is wrong with the command line, or shown its help.
    if (error instanceof CommanderError) return error.exitCode;
    if (isStopRequest(stopSignal) && error === stopSignal.reason) return 0;
    reportError(error, terminal, { isDebug: isDebugging(env) });
    return 1;
  }
}

function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('sluice')
    .description('A GraphQL gateway for a PostgreSQL database that Prisma models')
    .version(readVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .helpCommand(true);

  program
    .command('start')
    .description('serve the API; without DATABASE_URL on an embedded PostgreSQL, migrated and seeded')
    .action(async () => (await import('./commands/start.js')).start(context));

  program
    .command('dev')
    .description('serve, and serve anew at every edit of SDL, code and model')
    .action(async () => (await import('./commands/dev.js')).dev(context));

  const migrate = program
    .command('migrate')
    .description('apply the migrations that the database has not seen')
    .option('--status', 'only tell what would be applied')
    .action(async (flags: { status?: true }) =>
      (await import('./commands/migrate.js')).migrate(context, { isStatusOnly: flags.status === true }),
    );
  migrate
    .command('new <name>')
    .description('write a migration that leads from prisma/migrations to prisma/schema.prisma')
    .action(async (name: string) =>
      (await import('./commands/migrate-new.js')).writeMigration(context, name),
    );

  const capture = program
    .command('capture')
    .description('about the triggers by which the database tells of changes');
  capture
    .command('install')
    .description('make or mend them; tables are locked against writers for some milliseconds each')
    .option('--print', 'only print the SQL')
    .action(async (flags: { print?: true }) =>
      (await import('./commands/capture.js')).install(context, { isPrintOnly: flags.print === true }),
    );
  capture
    .command('status')
    .description('tell whether every model is captured, and what waits to be told')
    .action(async () => (await import('./commands/capture.js')).status(context));
  capture
    .command('remove')
    .description('take them away')
    .action(async () => (await import('./commands/capture.js')).remove(context));

  program
    .command('seed')
    .description("fill Sluice's own, embedded database with the app's rows")
    .option('--scale <n>', 'how many: 1 is the default, 10 ten times as many', readScale, 1)
    .option('--reset', 'throw away what is there first')
    .action(async (flags: { scale: number; reset?: true }) =>
      (await import('./commands/seed.js')).seed(context, {
        scale: flags.scale,
        isReset: flags.reset === true,
      }),
    );

  program
    .command('schema')
    .description('about the schema that clients see')
    .command('print')
    .description('print it as SDL')
    .option('--out <file>', 'write it to a file')
    .action(async (flags: { out?: string }) =>
      (await import('./commands/schema-print.js')).printSchema(context, flags.out ?? null),
    );

  program
    .command('check')
    .description('bind the SDL to the model and tell every fault; needs no database')
    .action(async () => (await import('./commands/check.js')).check(context));

  program
    .command('token')
    .description('print a bearer token for development, good for a day')
    .requiredOption('--user <id>', "the viewer's id")
    .option('--tier <name>', "the viewer's tier")
    .option('--scope <name...>', 'what the viewer may do')
    .action(async (flags: { user: string; tier?: string; scope?: string[] }) =>
      (await import('./commands/token.js')).printToken(context, flags),
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
      (await import('./commands/tokens.js')).revoke(context, { jti, expiresAt: flags.expires ?? null }),
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
      (await import('./commands/keys.js')).createKey(context, {
        ...flags,
        expiresAt: flags.expires ?? null,
      }),
    );
  keys
    .command('list')
    .description('tell which there are, whose, and when they were last used')
    .action(async () => (await import('./commands/keys.js')).listKeys(context));
  keys
    .command('revoke <prefix>')
    .description('have the key that begins so hold no longer, on every server')
    .action(async (prefix: string) => (await import('./commands/keys.js')).revokeKey(context, prefix));

  const limits = program.command('limits').description('about callers who overran their limits');
  limits
    .command('list')
    .description('tell who is blocked, until when, and whose block was lifted')
    .action(async () => (await import('./commands/limits.js')).listBlocks(context));
  limits
    .command('lift <who>')
    .description('let one in again, named as `limits list` does')
    .action(async (who: string) => (await import('./commands/limits.js')).liftBlock(context, who));

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
        (await import('./commands/cache-explain.js')).explainCache(context, {
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
      (await import('./commands/cache-purge.js')).purgeCache(context, {
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
      (await import('./commands/cache-warm.js')).warmCache(context, {
        file: file ?? null,
        recorded: flags.recorded ?? (file === undefined ? 50 : 0),
        url: flags.url ?? null,
        token: flags.token ?? null,
      }),
    );

  program
    .command('worker')
    .description('work jobs off, beside servers or apart from them')
    .option('--queues <names>', 'from these queues, separated by commas. Without: from all')
    .option('--concurrency <n>', 'jobs of each queue at a time, at most. Without: as configured', readCount)
    .action(async (flags: { queues?: string; concurrency?: number }) =>
      (await import('./commands/worker.js')).work(context, {
        queues: flags.queues ?? null,
        concurrency: flags.concurrency ?? null,
      }),
    );

  const jobs = program.command('jobs').description('about what runs in the background');
  jobs
    .command('list')
    .description('tell how many jobs are in which state, and of the newest what became of them')
    .option('--queue <name>', 'of one queue')
    .option('--state <state>', 'waiting, delayed, active, completed, failed or cancelled')
    .option('--first <n>', 'so many at most', readCount, 20)
    .action(async (flags: { queue?: string; state?: string; first: number }) =>
      (await import('./commands/jobs.js')).listJobs(context, {
        queue: flags.queue ?? null,
        state: flags.state ?? null,
        first: flags.first,
      }),
    );
  jobs
    .command('show <job>')
    .description('tell all that is known of one job')
    .action(async (job: string) => (await import('./commands/jobs.js')).showJob(context, job));
  jobs
    .command('run <name>')
    .description("have one of the app's jobs run, and show how far it is")
    .option('--args <json>', 'its arguments, as an object')
    .action(async (name: string, flags: { args?: string }) =>
      (await import('./commands/jobs.js')).runJob(context, { name, args: flags.args ?? null }),
    );
  jobs
    .command('retry <job>')
    .description('run one again that failed or was called off, and show how far it is')
    .action(async (job: string) => (await import('./commands/jobs.js')).retryJob(context, job));
  jobs
    .command('cancel <job>')
    .description('call one off')
    .action(async (job: string) => (await import('./commands/jobs.js')).cancelJob(context, job));
  jobs
    .command('schedules')
    .description('tell what runs when')
    .action(async () => (await import('./commands/jobs.js')).showSchedules(context));
  jobs
    .command('verify-rollups')
    .description('compare what sums other tables up with a full recomputation')
    .action(async () => (await import('./commands/jobs.js')).verifyRollups(context));

  program
    .command('demo')
    .description('ask, change a row from outside, ask again: what is kept is never older than the database')
    .action(async () => (await import('./commands/demo.js')).demo(context));

  program
    .command('sql <statement>')
    .description('run SQL on the database, as another program would; - reads it from stdin')
    .option('--json', 'one JSON object a row')
    .option('--timeout <seconds>', 'how long it may take, up to 3,600', readSeconds, 30)
    .action(async (statement: string, flags: { json?: true; timeout: number }) =>
      (await import('./commands/sql.js')).runSql(context, {
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
      (await import('./commands/env.js')).printEnv(context, flags.out ?? null),
    );

  program
    .command('changes')
    .description('about the change log')
    .command('tail')
    .description('print it as it grows: what each write voids')
    .option('--model <name>', 'only changes of this model')
    .option('--json', 'one JSON object a line')
    .action(async (flags: { model?: string; json?: true }) =>
      (await import('./commands/changes-tail.js')).tailChanges(context, {
        model: flags.model ?? null,
        isJson: flags.json === true,
      }),
    );

  const graphiql = program.command('graphiql').description('about the page at /graphiql');
  graphiql
    .command('build')
    .description('build it, unless that is done; `start` does so by itself')
    .action(async () => (await import('./commands/graphiql-build.js')).buildPage(context));

  // Subcommands don't inherit these.
  for (const command of program.commands) inherit(command, program);
  return program;
}

function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

/** Reads `.env` where there is one; what the environment has already wins. */
export function loadEnvFile(root: string): void {
  const file = join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
