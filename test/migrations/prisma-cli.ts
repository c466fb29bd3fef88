import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

export interface CliResult {
  readonly exitCode: number;
  /** What it wrote, both streams. */
  readonly output: string;
}

/**
 * Runs Prisma's own CLI on a database, with the schema engine's stand-in, which needs no network.
 *
 * @param projectDirectory where its prisma.config.ts is
 */
export function runPrisma(
  args: readonly string[],
  databaseUrl: string,
  projectDirectory = resolve('.'),
): Promise<CliResult> {
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    PRISMA_SCHEMA_ENGINE_BINARY: resolve('scripts/prisma/schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    NO_COLOR: '1',
  };
  const command = [resolve('node_modules/prisma/build/index.js'), ...args];
  return new Promise((done) => {
    execFile(process.execPath, command, { cwd: projectDirectory, env }, (error, stdout, stderr) => {
      done({
        exitCode: error === null ? 0 : typeof error.code === 'number' ? error.code : 1,
        output: stdout + stderr,
      });
    });
  });
}
