import { spawn } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../../kernel/sluice-error.js';
import { writeBuildFailure } from './build-failure.js';
import { computeStamp, readStamp, stampPath } from './graphiql-stamp.js';

/** How GraphiQL is to be built; every option has a default. */
export interface BuildGraphiqlOptions {
  /** Where the page goes; replaced as a whole. Default: `.sluice/graphiql` below the working directory. */
  readonly directory?: string;
  /** The page's sources, with a Vite configuration. Default: Sluice's own. */
  readonly sourceDirectory?: string;
  /** Called with a sentence when something that takes time begins; not at all where nothing is to be done. */
  readonly onProgress?: (message: string) => void;
  /** Stops the build. */
  readonly signal?: AbortSignal;
}

// The same from src/ and from dist/.
const OWN_SOURCES = fileURLToPath(new URL('../../../graphiql', import.meta.url));

export const DEFAULT_GRAPHIQL_DIRECTORY = join('.sluice', 'graphiql');

/**
 * Builds GraphiQL from npm packages with Vite, without a network, unless what is there was built from the same
 * sources. Runs in a process of its own at low priority, so that a server goes on answering meanwhile.
 *
 * @throws SluiceError `GRAPHIQL_BUILD_FAILED`; the waiting page then shows why, too
 */
export async function buildGraphiql(
  options: BuildGraphiqlOptions = {},
): Promise<{ readonly wasBuilt: boolean }> {
  const directory = options.directory ?? DEFAULT_GRAPHIQL_DIRECTORY;
  const sourceDirectory = options.sourceDirectory ?? OWN_SOURCES;
  try {
    const stamp = await computeStamp(sourceDirectory);
    if ((await readStamp(directory)) === stamp) return { wasBuilt: false };
    options.onProgress?.('Building GraphiQL');
    const target = `${directory}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(directory), { recursive: true });
      await writeBuildFailure(directory, null);
      await runVite(sourceDirectory, target, options.signal);
      await writeFile(stampPath(target), stamp);
      await replaceDirectory(target, directory, stamp);
    } finally {
      await rm(target, { recursive: true, force: true });
    }
    return { wasBuilt: true };
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    await mkdir(dirname(directory), { recursive: true });
    await writeBuildFailure(directory, reason);
    throw new SluiceError('GRAPHIQL_BUILD_FAILED', `GraphiQL could not be built: ${reason}`, {
      hint: 'The API works without it; SLUICE_HTTP_GRAPHIQL=off leaves it out.',
      cause: error,
    });
  }
}

function runVite(sourceDirectory: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  const require = createRequire(import.meta.url);
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  const outDir = resolvePath(target);
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [vite, 'build', sourceDirectory, '--outDir', outDir, '--emptyOutDir'],
      { stdio: ['ignore', 'pipe', 'pipe'], signal },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += String(chunk);
      });
    child.once('spawn', () => {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(output.trim() || `vite ended with code ${code}`));
    });
  });
}

// Two processes may build at once; whoever comes second finds the first one's work and keeps that.
async function replaceDirectory(source: string, directory: string, stamp: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  try {
    await rename(source, directory);
  } catch (error) {
    if ((await readStamp(directory)) !== stamp) throw error;
  }
}
