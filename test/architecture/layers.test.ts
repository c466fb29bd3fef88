import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const SRC = path.join(ROOT, 'src');

/** Each folder's layer; a file imports from its own folder and from lower layers. */
const LAYERS: Readonly<Record<string, number>> = {
  kernel: 0,
  model: 1,
  telemetry: 1,
  changes: 2,
  cache: 3,
  identity: 3,
  reads: 4,
  limits: 4,
  counters: 4,
  jobs: 4,
  binding: 5,
  admin: 6,
  doctor: 6,
  gateway: 7,
  embedded: 7,
  cli: 8,
  shop: 8,
};

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.startsWith('generated'))
  .map((name) => name.split(path.sep).join('/'));

/** Relative imports, `export … from` and dynamic `import()` with a literal, as paths below `src`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\s*\(\s*)['"](\.{1,2}\/[^'"]+)['"]/g;
  return [...text.matchAll(pattern)].map(([, specifier]) => ({
    file,
    target: path.posix.join(path.posix.dirname(file), specifier!).replace(/\.js$/, '.ts'),
  }));
}

const imports = files.flatMap(importsOf);
const folderOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '');

describe('the house', () => {
  it('has a layer for every folder', () => {
    const unknown = new Set(files.map(folderOf).filter((folder) => folder !== '' && !(folder in LAYERS)));
    expect([...unknown]).toEqual([]);
  });

  it('imports downwards only', () => {
    const upwards = imports.filter(({ file, target }) => {
      const [from, to] = [folderOf(file), folderOf(target)];
      if (from === to || from === '' || to === 'generated') return false;
      return to === '' ? from !== 'shop' : LAYERS[to]! >= LAYERS[from]!;
    });
    expect(upwards.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('lets nobody but the command line use the embedded servers', () => {
    const users = imports.filter(
      ({ file, target }) => folderOf(target) === 'embedded' && folderOf(file) !== 'embedded',
    );
    expect(new Set(users.map(({ file }) => folderOf(file)))).toEqual(new Set(['cli']));
  });

  it('shows the app nothing deeper than the entry point', () => {
    const deeper = imports.filter(
      ({ file, target }) =>
        folderOf(file) === 'shop' &&
        !['shop', 'generated'].includes(folderOf(target)) &&
        target !== 'index.ts',
    );
    expect(deeper.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  it('keeps generated code out of the engine: an app brings its own', () => {
    const users = imports.filter(
      ({ file, target }) => folderOf(target) === 'generated' && folderOf(file) !== 'generated',
    );
    expect(new Set(users.map(({ file }) => folderOf(file)))).toEqual(new Set(['shop']));
  });

  it('has an entry point of at most forty exports, each by name', () => {
    const text = readFileSync(path.join(SRC, 'index.ts'), 'utf8');
    expect(text).not.toMatch(/export \*/);
    const names = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
      list!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThanOrEqual(40);
  });

  it('has no cycles', () => {
    const graph = new Map<string, string[]>();
    for (const { file, target } of imports) graph.set(file, [...(graph.get(file) ?? []), target]);
    const done = new Set<string>();
    const cycles: string[] = [];
    function visit(file: string, trail: readonly string[]): void {
      const at = trail.indexOf(file);
      if (at >= 0) {
        cycles.push([...trail.slice(at), file].join(' -> '));
        return;
      }
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    }
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps the words of the shop out of the engine', () => {
    const words = /\b(products?|reviews?|carts?|checkout|shop)\b/i;
    const found = files
      .filter((file) => !['shop', 'cli'].includes(folderOf(file)))
      .flatMap((file) =>
        readFileSync(path.join(SRC, file), 'utf8')
          .split('\n')
          .flatMap((line, index) => (words.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])),
      );
    expect(found).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(path.join(SRC, file), 'utf8')));
    expect(readers.filter((file) => !file.startsWith('kernel/config/') && folderOf(file) !== 'cli')).toEqual(
      [],
    );
  });

  it('never uses any, a non-null assertion by comment, or a switched-off type checker', () => {
    const pattern = /@ts-ignore|@ts-nocheck|@ts-expect-error|\bas any\b/;
    expect(files.filter((file) => pattern.test(readFileSync(path.join(SRC, file), 'utf8')))).toEqual([]);
  });
});
