import { fileURLToPath } from 'node:url';

/** A module of the benchmark's harness, which is JavaScript and no part of the project that is type-checked. */
export async function importHarness<Module>(name: string): Promise<Module> {
  const path = fileURLToPath(new URL(`../../bench/harness/${name}.mjs`, import.meta.url));
  return (await import(path)) as Module;
}
