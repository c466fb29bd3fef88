import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { transform } from '@swc/core';

/** What was wrong with a source, ready to be shown. */
export class CompileFault extends Error {
  override readonly name = 'CompileFault';
}

/**
 * Compiles one TypeScript file of `src` into `dist`, types unchecked: in a few milliseconds what `tsc` takes
 * seconds for. Other files are copied.
 *
 * @param file relative to the root, such as `src/app/app.ts`
 * @throws CompileFault with file and line where it is no TypeScript
 */
export async function compileSource(root: string, file: string): Promise<void> {
  const source = join(root, file);
  const target = join(root, toOutput(file));
  const text = readFileSync(source, 'utf8');
  mkdirSync(dirname(target), { recursive: true });
  if (!file.endsWith('.ts')) {
    writeFileSync(target, text);
    return;
  }
  const { code, map } = await transpile(text, file);
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  const relativeSource = relative(dirname(target), source).replaceAll('\\', '/');
  writeFileSync(`${target}.map`, JSON.stringify({ ...JSON.parse(map ?? '{}'), sources: [relativeSource] }));
}

/** Removes what a deleted source was compiled to. */
export function removeCompiled(root: string, file: string): void {
  const target = join(root, toOutput(file));
  for (const path of [target, `${target}.map`]) rmSync(path, { force: true });
}

function toOutput(file: string): string {
  return join('dist', relative('src', file)).replace(/\.ts$/, '.js');
}

async function transpile(text: string, file: string): Promise<{ code: string; map?: string }> {
  try {
    return await transform(text, {
      filename: file,
      configFile: false,
      swcrc: false,
      sourceMaps: true,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
  } catch (error) {
    throw new CompileFault(describe(error, file), { cause: error });
  }
}

/** swc prints a frame: `x Expected ';'` above, then `[file:3:1]` or `[3:1]`, whose column is that of the frame. */
function describe(error: unknown, file: string): string {
  // Not by `instanceof Error`, which an error of native code need not be under test.
  const text = stripVTControlCharacters(String((error as Partial<Error> | null)?.message ?? error));
  const place = /\[(?:[^\]\n]*:)?(\d+):\d+\]/.exec(text);
  const message = /^\s*[x×]\s*(.+)$/m.exec(text)?.[1] ?? text.trim().split('\n')[0] ?? '';
  return place === null ? `${file} ${message}` : `${file}:${place[1]} ${message}`;
}
