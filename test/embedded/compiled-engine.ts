import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles folders of src/ such that a process of its own can import them; returns where they are. */
export function compileEngine(target: string, folders: readonly string[]): string {
  for (const folder of folders) compileFolder(join(ROOT, 'src', folder), join(target, 'src', folder));
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'));
  return join(target, 'src');
}

/** Compiles what is TypeScript in a folder, and leaves out the rest. */
export function compileFolder(source: string, target: string): void {
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const { code } = transformFileSync(join(source, name), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    const file = join(target, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
}
