import { dirname } from 'node:path';
import { createMigration } from './create-migration.mjs';
import { maintenanceUrl } from './database-command.mjs';
import { createWasmEngine } from './wasm-engine.mjs';

const NO_SCHEMA = [{ path: 'schema.prisma', content: 'datasource db {\n  provider = "postgresql"\n}\n' }];

/**
 * Answers the requests of Prisma's CLI with one engine on the database at `url`, made when first needed: the
 * engine holds a lock in its session, for which a second one would wait.
 *
 * @param {string} url
 * @param {{ path: string, content: string }[]} schemaFiles
 * @param {(text: string) => void} print shows text to the CLI's user
 */
export function createRequestHandler(url, schemaFiles, print) {
  const files = schemaFiles.length > 0 ? schemaFiles : NO_SCHEMA;
  const createEngine = (databaseUrl) =>
    createWasmEngine(
      databaseUrl,
      files.map(({ path, content }) => [path, content]),
    );

  let engine = null;
  async function findEngine() {
    if (engine !== null) return engine;
    engine = await createEngine(url);
    if (schemaFiles.length > 0) await adoptPreviewFeatures(engine, schemaFiles);
    return engine;
  }

  async function diff(params) {
    // Unless the database itself is compared, only a shadow database beside it is used, and it need not exist.
    const readsDatabase = [params.from, params.to].some((side) => side.tag === 'schemaDatasource');
    const comparer = await (readsDatabase ? findEngine() : createEngine(maintenanceUrl(url)));
    const { stdout, exitCode } = await comparer.diff(params);
    // The native engine prints it; the WebAssembly one hands the text to its caller.
    if (stdout !== null) print(stdout);
    return { stdout: null, exitCode };
  }

  return async (method, params) => {
    if (method === 'diff') return diff(params);
    const engine = await findEngine();
    if (method === 'createMigration') return createMigration(engine, params);
    if (method === 'evaluateDataLoss') {
      // By itself it can't make the shadow database that it needs; it finds the one that this leaves behind.
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    return (await engine[method](params)) ?? null;
  };
}

/**
 * Until the engine has compared the database with the schema, it doesn't know what `previewFeatures` the
 * schema switches on, and would see no partial index in the database.
 */
async function adoptPreviewFeatures(engine, schemaFiles) {
  await engine.diff({
    from: { tag: 'schemaDatasource', files: schemaFiles, configDir: dirname(schemaFiles[0].path) },
    to: { tag: 'schemaDatamodel', files: schemaFiles },
    script: false,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  });
}
