import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What git doesn't keep either. */
const LEFT_OUT = ['.git', '.sluice', 'node_modules', 'dist', 'coverage', '.env', 'generated'];

export interface ProjectCopy {
  readonly root: string;
  remove(): Promise<void>;
}

export interface ProjectCopyOptions {
  /** Paths to copy. Default: all. */
  readonly paths?: readonly string[];
  /** `linked`: those of this folder. `none`: as after a clone. */
  readonly packages: 'linked' | 'none';
}

/** This project as a fresh clone would be, with the changes that are not committed yet. */
export async function copyProject(options: ProjectCopyOptions): Promise<ProjectCopy> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-clone-'));
  // Else root's PostgreSQL, which is another account, would keep its data in /var/lib, where nobody tidies up.
  await chmod(root, 0o755);
  for (const path of options.paths ?? readdirSync(ROOT)) copy(join(ROOT, path), root);
  if (options.packages === 'linked') symlinkSync(resolve(ROOT, 'node_modules'), join(root, 'node_modules'));
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

function copy(source: string, root: string): void {
  const path = relative(ROOT, source);
  if (path.split('/').some((name) => LEFT_OUT.includes(name)) || !existsSync(source)) return;
  if (statSync(source).isDirectory()) {
    for (const name of readdirSync(source)) copy(join(source, name), root);
    return;
  }
  mkdirSync(dirname(join(root, path)), { recursive: true });
  cpSync(source, join(root, path));
}
