/**
 * `createMigration` by way of `diff`, since the WebAssembly engine refuses the former on PostgreSQL: the
 * script that leads from the migrations in the folder to the schema, and a name for its folder.
 */
export async function createMigration(engine, { migrationsList, schema, filters, migrationName, draft }) {
  migrationsList.lockfile.content ??= 'provider = "postgresql"\n';
  const { stdout, exitCode } = await engine.diff({
    from: { tag: 'migrations', ...migrationsList },
    to: { tag: 'schemaDatamodel', ...schema },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters,
  });
  const isDifferent = exitCode === 2;
  return {
    connectorType: 'postgresql',
    extension: 'sql',
    generatedMigrationName: `${timestamp(new Date())}_${slug(migrationName)}`,
    migrationScript: isDifferent ? stdout : draft ? '-- This is an empty migration.' : null,
  };
}

/** `20260131120000`, in UTC. */
function timestamp(date) {
  return date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}

function slug(name) {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
}
