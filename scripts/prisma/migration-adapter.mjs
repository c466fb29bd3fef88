import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** PostgreSQL's one-byte `"char"`, in which the catalogues keep flags such as pg_constraint.confdeltype. */
const CATALOGUE_CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Prisma's PostgreSQL adapter with what the schema engine needs of it and 7.10 lacks; each method says what.
 * `url` may carry `?schema=`, as Prisma's connection strings do.
 */
export class MigrationAdapterFactory extends PrismaPg {
  constructor(url) {
    super(toPoolConfig(url), { schema: new URL(url).searchParams.get('schema') ?? undefined });
  }

  async connect() {
    return repairAdapter(await super.connect());
  }

  // The original drops the shadow database while its own pool is still connected to it, which PostgreSQL
  // refuses.
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const admin = await super.connect();
    await admin.underlyingDriver().query(`CREATE DATABASE "${name}"`);
    const shadowFactory = new PrismaPg({ ...this.config, database: name }, this.options);
    const shadow = repairAdapter(await shadowFactory.connect());
    const disconnect = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await disconnect();
      await admin.underlyingDriver().query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  }
}

/**
 * Never returns `connectionString`: PrismaPg spreads `{ ...config, database }` for a shadow database, pg lets
 * the string win, and the shadow database would be the real one, which the engine empties.
 */
function toPoolConfig(url) {
  const { host, port, user, password, database, ssl } = new pg.Client({ connectionString: url });
  const schema = new URL(url).searchParams.get('schema');
  const options = schema === null ? undefined : `-c search_path="${schema.replaceAll('"', '""')}"`;
  return { host, port, user, password, database, ssl, options, max: 4 };
}

function repairAdapter(adapter) {
  readCatalogueChars(adapter);

  // The original splits scripts at every semicolon, also inside strings, comments and function bodies.
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      adapter.onError(error);
    }
  };

  const startTransaction = adapter.startTransaction.bind(adapter);
  adapter.startTransaction = async (isolationLevel) =>
    readCatalogueChars(await startTransaction(isolationLevel));
  return adapter;
}

/** The original throws on `"char"` columns, which the engine's introspection reads. */
function readCatalogueChars(queryable) {
  const queryRaw = queryable.queryRaw;
  queryable.queryRaw = async (query) => {
    const characterColumns = [];
    const reader = Object.create(queryable);
    reader.performIO = async (io) => {
      const result = await queryable.performIO(io);
      result.fields.forEach((field, index) => {
        if (field.dataTypeID !== CATALOGUE_CHAR_OID) return;
        characterColumns.push(index);
        field.dataTypeID = TEXT_OID;
      });
      return result;
    };
    const result = await queryRaw.call(reader, query);
    for (const index of characterColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return queryable;
}
