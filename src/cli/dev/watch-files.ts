import { relative } from 'node:path';
import { watch } from 'chokidar';
import type { FileChange } from './changes.js';

export interface FileWatch {
  /** The next batch of changes; waits for one. Null once the watch is closed. */
  next(): Promise<readonly FileChange[] | null>;
  close(): Promise<void>;
}

/** Editors write several files at a keystroke, and some a file in several steps. */
const QUIET_MS = 40;
const FOLDERS = ['schema', 'src', 'prisma'];
const WATCHED = /\.(graphql|ts|mjs|json|sql|prisma|lua|css|svg|html|toml)$/;

/** Watches what an API is made of. Resolves when the watching has begun. */
export async function watchFiles(root: string): Promise<FileWatch> {
  const pending = new Map<string, FileChange>();
  let wake: (() => void) | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const watcher = watch(FOLDERS, {
    cwd: root,
    ignoreInitial: true,
    ignored: (path, stats) => {
      const file = relative(root, path);
      return file.startsWith('src/generated') || (stats?.isFile() === true && !WATCHED.test(path));
    },
  });
  watcher.on('all', (event, path) => {
    if (event !== 'add' && event !== 'change' && event !== 'unlink') return;
    const file = path.replaceAll('\\', '/');
    pending.set(file, { file, isRemoved: event === 'unlink' });
    clearTimeout(timer);
    timer = setTimeout(() => wake?.(), QUIET_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    async next() {
      while (pending.size === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      if (isClosed) return null;
      const changes = [...pending.values()];
      pending.clear();
      return changes;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      wake?.();
      await watcher.close();
    },
  };
}
