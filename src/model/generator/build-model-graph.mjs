import { createHash } from 'node:crypto';
import { readDatamodelBlocks } from './datamodel-blocks.mjs';
import { findPostgresType, quoteIdentifier } from './postgres-types.mjs';
import { buildRelations } from './relations.mjs';

/** Grows when the shape of model-graph.json changes; src/model/load-model-graph.ts reads exactly this one. */
const FORMAT_VERSION = 1;

/**
 * The model graph as plain data; src/model/model-graph.ts says what its parts mean. Equal schemas give equal
 * texts, byte for byte.
 */
export function buildModelGraph({ models, enums, datamodel, datasources }) {
  requirePostgres(datasources);
  const blocks = readDatamodelBlocks(datamodel);
  const enumTypes = enums.map((type) => buildEnum(type, blocks.get(type.name)?.schema ?? null));
  const enumsByName = new Map(enumTypes.map((type) => [type.name, type]));
  const modelsByName = new Map(models.map((model) => [model.name, model]));
  const isView = (name) => blocks.get(name)?.keyword === 'view';

  const graph = {
    version: FORMAT_VERSION,
    enums: enumTypes,
    models: models.map((model) => buildModel(model, { enumsByName, modelsByName, isView })),
  };
  const hash = createHash('sha256').update(JSON.stringify(graph)).digest('hex');
  return { version: graph.version, hash, enums: graph.enums, models: graph.models };
}

function requirePostgres(datasources) {
  const [source] = datasources;
  if (source?.activeProvider === 'postgresql') return;
  throw new Error(
    source === undefined
      ? 'generator sluice needs a datasource with provider = "postgresql", and the schema has none'
      : `generator sluice works with PostgreSQL alone: datasource "${source.name}" has provider "${source.activeProvider}"`,
  );
}

function buildEnum(type, schema) {
  return {
    name: type.name,
    dbName: type.dbName ?? type.name,
    dbSchema: schema,
    values: type.values.map((value) => ({ name: value.name, dbName: value.dbName ?? value.name })),
    description: readDocumentation(type).description,
  };
}

function buildModel(model, { enumsByName, modelsByName, isView }) {
  const view = isView(model.name);
  const { description, directives } = readDocumentation(model);
  const columns = model.fields
    .filter((field) => field.kind === 'scalar' || field.kind === 'enum')
    .map((field) => buildColumn(model, field, { enumsByName, view }));
  const uniques = findUniques(model, columns, view ? directives.get('key') : undefined);
  return {
    name: model.name,
    dbName: model.dbName ?? model.name,
    dbSchema: model.schema ?? null,
    kind: view ? 'view' : 'table',
    description,
    columns,
    relations: buildRelations(model, modelsByName, isView).map(({ field, ...relation }) => ({
      ...relation,
      description: readDocumentation(field).description,
    })),
    primaryKey: uniques.primaryKey,
    uniques: uniques.all,
  };
}

function buildColumn(model, field, { enumsByName, view }) {
  const { description, directives } = readDocumentation(field);
  const enumType = field.kind === 'enum' ? enumsByName.get(field.type) : undefined;
  const pgType =
    enumType === undefined ? findPostgresType(field.type, field.nativeType) : enumPostgresType(enumType);
  if (pgType === null) {
    const native = field.nativeType ? ` @db.${field.nativeType[0]}` : '';
    throw new Error(
      `generator sluice knows no PostgreSQL type for ${model.name}.${field.name}: ${field.type}${native}`,
    );
  }
  return {
    name: field.name,
    dbName: field.dbName ?? field.name,
    type: enumType === undefined ? field.type : 'Enum',
    enumName: enumType?.name ?? null,
    pgType,
    isList: field.isList,
    isNullable: !field.isRequired,
    isReadOnly: view || isGeneratedByDatabase(field) || directives.has('generated'),
    hasDefault: field.hasDefaultValue || field.isUpdatedAt === true,
    description,
  };
}

function enumPostgresType(type) {
  const name = quoteIdentifier(type.dbName);
  return type.dbSchema === null ? name : `${quoteIdentifier(type.dbSchema)}.${name}`;
}

// `@default(dbgenerated())` without an expression is Prisma's way to say that the database has its own.
// With one it may be a mere default, which a caller may overrule.
function isGeneratedByDatabase(field) {
  return field.default?.name === 'dbgenerated' && field.default.args.length === 0;
}

/**
 * Keys that name columns of the graph alone; Prisma leaves partial ones out itself. A view cannot declare a
 * key in Prisma, so it says `/// @sluice.key(a, b)`.
 */
function findUniques(model, columns, declaredKey) {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const known = (names) => names.every((name) => byName.has(name));
  const byField = (flag) => model.fields.filter((field) => field[flag]).map((field) => [field.name]);
  const candidates = [...byField('isUnique'), ...model.uniqueFields].filter(known);

  let primaryKey = model.primaryKey?.fields ?? byField('isId')[0] ?? null;
  if (declaredKey !== undefined) {
    checkDeclaredKey(model, declaredKey, byName);
    primaryKey = declaredKey;
  }
  // A table without @id is identified by its first unique key that can't be null, as in Prisma itself.
  primaryKey ??= candidates.find((names) => names.every((name) => !byName.get(name).isNullable)) ?? null;

  const all = primaryKey === null ? candidates : [primaryKey, ...candidates];
  const distinct = new Map(all.map((names) => [names.join(), names]));
  return { primaryKey, all: [...distinct.values()] };
}

function checkDeclaredKey(model, key, columns) {
  const fault = (problem) => new Error(`@sluice.key of view ${model.name} ${problem}`);
  if (key.length === 0) throw fault('must name columns, as in @sluice.key(a, b)');
  for (const name of key) {
    const column = columns.get(name);
    if (column === undefined) throw fault(`names "${name}", which is no column of the view`);
    if (column.isNullable) throw fault(`names "${name}", which may be null: declare it without "?"`);
  }
}

/** A `///` comment: lines `@sluice.<name>(a, b)` are for this generator, the rest is the description. */
function readDocumentation({ documentation }) {
  const directives = new Map();
  const lines = (documentation ?? '').split('\n').filter((line) => {
    const match = /^\s*@sluice\.(\w+)\s*(?:\(([^)]*)\))?\s*$/.exec(line);
    if (match === null) return true;
    directives.set(
      match[1],
      (match[2] ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    );
    return false;
  });
  return { description: lines.join('\n').trim() || null, directives };
}
