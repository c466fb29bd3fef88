import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { MigrationAdapterFactory } from './migration-adapter.mjs';

// The package's own entry wants a bundler that imports .wasm files, so its parts are put together here: once
// in a process, since the bindings keep the instance in a variable of their module.
const directory = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
const bindings = await import(pathToFileURL(join(directory, 'schema_engine_bg.js')).href);
const { instance } = await WebAssembly.instantiate(readFileSync(join(directory, 'schema_engine_bg.wasm')), {
  './schema_engine_bg.js': bindings,
});
bindings.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

// The engine calls this when it panics; without it the reason would be lost behind "unreachable".
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => console.error(message) };

/**
 * Prisma's schema engine as WebAssembly, connected to `url`.
 *
 * @param {string} url PostgreSQL's connection string
 * @param {[path: string, text: string][]} datamodels the Prisma schema's files
 */
export function createWasmEngine(url, datamodels) {
  const ignoreLog = () => {};
  const adapterFactory = bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(url));
  return bindings.SchemaEngine.new({ datamodels }, ignoreLog, adapterFactory);
}
