import { fileURLToPath } from 'node:url';

/** A module of the benchmark, which is JavaScript and no part of the project that is type-checked. */
export async function importBench<Module>(name: string): Promise<Module> {
  const path = fileURLToPath(new URL(`../../bench/${name}.mjs`, import.meta.url));
  return (await import(path)) as Module;
}
