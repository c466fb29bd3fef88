import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { readConfig } from '../kernel/config/read-config.js';
import type { CommandContext } from './command-context.js';
import { addCacheCommands } from './program/cache-commands.js';
import { addCallerCommands } from './program/caller-commands.js';
import { addDatabaseCommands } from './program/database-commands.js';
import { addJobCommands } from './program/job-commands.js';
import { addSchemaCommands } from './program/schema-commands.js';
import { addServingCommands } from './program/serving-commands.js';
import { addToolCommands } from './program/tool-commands.js';
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

const COMMANDS = [
  addServingCommands,
  addDatabaseCommands,
  addSchemaCommands,
  addCallerCommands,
  addCacheCommands,
  addJobCommands,
  addToolCommands,
] as const;

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

  // As help lists them.
  for (const add of COMMANDS) add(program, context);
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
