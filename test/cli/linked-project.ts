import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/run-cli.js';
import { createRecordingTerminal, type RecordingTerminal } from './recording-terminal.js';

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
/** Jest compiles the sources as they are loaded. */
export const CODE_DIRECTORY = join(REPOSITORY, 'src');

/** A project of its own state: the shop's schema, model and code, and an empty `.sluice`. */
export interface LinkedProject {
  readonly root: string;
  write(file: string, text: string): void;
  /** Runs a command line in this process, in the given environment only. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandOutcome>;
  remove(): Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stopSignal?: AbortSignal;
  /** To look at what is said while the command runs. */
  readonly terminal?: RecordingTerminal;
}

export interface CommandOutcome {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

export interface LinkedProjectOptions {
  /** Copied rather than linked, to be changed. */
  readonly copied?: readonly ('schema' | 'prisma')[];
}

export async function linkProject({ copied = [] }: LinkedProjectOptions = {}): Promise<LinkedProject> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-project-'));
  // Else root's PostgreSQL, which is another account, would keep its data in /var/lib, where nobody tidies up.
  await chmod(root, 0o755);
  for (const name of ['schema', 'prisma', 'scripts', 'node_modules', 'package.json', 'prisma.config.ts']) {
    // Prisma follows a link to its configuration, and would work in the folder where that is.
    if ((copied as readonly string[]).includes(name) || name === 'prisma.config.ts') {
      cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
    } else {
      symlinkSync(join(REPOSITORY, name), join(root, name));
    }
  }
  return {
    root,
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    async run(args, { env = {}, stopSignal, terminal = createRecordingTerminal() } = {}) {
      const code = await runCli({
        args,
        root,
        env: { PATH: process.env.PATH, ...env },
        terminal,
        stopSignal: stopSignal ?? new AbortController().signal,
        codeDirectory: CODE_DIRECTORY,
      });
      return { code, output: terminal.output, notes: terminal.notes };
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
