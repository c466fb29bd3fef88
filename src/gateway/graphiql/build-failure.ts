import { readFile, rm, writeFile } from 'node:fs/promises';

/** Beside the directory, which is replaced as a whole. */
function failurePath(directory: string): string {
  return `${directory}.failure.txt`;
}

/** Notes why a build failed, for whoever waits for the page; null forgets it. */
export async function writeBuildFailure(directory: string, failure: string | null): Promise<void> {
  if (failure === null) await rm(failurePath(directory), { force: true });
  else await writeFile(failurePath(directory), failure);
}

/** Why the last build failed, or null where none did. */
export async function readBuildFailure(directory: string): Promise<string | null> {
  return readFile(failurePath(directory), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
