#!/usr/bin/env node
// Writes the types of resolvers by graphql-codegen's plugins, as codegen.yml says. It calls the plugins
// rather than codegen's command line because which rows stand behind which types is known only from the model
// graph, and because it is done in a fifth of the time, which `npm run dev` lives on.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { plugin as typescriptPlugin } from '@graphql-codegen/typescript';
import { plugin as resolversPlugin } from '@graphql-codegen/typescript-resolvers';
import {
  buildASTSchema,
  GraphQLError,
  isObjectType,
  Kind,
  parse,
  Source,
  valueFromASTUntyped,
} from 'graphql';
import { parse as parseYaml } from 'yaml';

/** Prisma's types as rows hold them; src/reads/row.ts tells why. */
const COLUMN_TYPES = {
  String: 'string',
  Boolean: 'boolean',
  Int: 'number',
  BigInt: 'string',
  Float: 'number',
  Decimal: 'string',
  DateTime: 'string',
  Json: 'Json',
  Bytes: 'string',
};

const OUTPUT = 'src/generated/graphql.ts';

function readSdl(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const text = readFileSync(path, 'utf8');
      return /^(\s|#.*)*$/.test(text) ? [] : parse(new Source(text, path)).definitions;
    });
}

/** The model that an object type is bound to: by `@model(name:)`, else by its own name. */
function findModel(type, models) {
  const directive = [type.astNode, ...type.extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .find((node) => node.name.value === 'model');
  const name = directive?.arguments.find((argument) => argument.name.value === 'name');
  return models.get(name === undefined ? type.name : valueFromASTUntyped(name.value));
}

function printRow(model, enums) {
  const columns = model.columns.map((column) => {
    const value =
      column.type === 'Enum'
        ? enums
            .get(column.enumName)
            .values.map((item) => JSON.stringify(item.name))
            .join(' | ')
        : COLUMN_TYPES[column.type];
    const type = column.isList ? `readonly (${value})[]` : value;
    return `  readonly ${column.name}: ${type}${column.isNullable ? ' | null' : ''};`;
  });
  return [
    `/** A row of ${model.name}, by Prisma's column names. */`,
    `export type ${model.name}Row = {`,
    ...columns,
    '};',
  ].join('\n');
}

const STUB = `/**
 * What a resolver may return where a bound type is expected: the row's key is enough, what else is selected is
 * loaded then.
 */`;

export async function generateGraphqlTypes() {
  const definitions = readSdl('schema');
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
  const graph = JSON.parse(readFileSync('src/generated/model-graph.json', 'utf8'));
  const models = new Map(graph.models.map((model) => [model.name, model]));
  const enums = new Map(graph.enums.map((item) => [item.name, item]));

  const mappers = {};
  const bound = new Map();
  for (const type of Object.values(schema.getTypeMap())) {
    const model = isObjectType(type) ? findModel(type, models) : undefined;
    if (model === undefined) continue;
    mappers[type.name] = `${model.name}Row`;
    bound.set(model.name, model);
  }
  const client = existsSync('src/generated/prisma/client.ts')
    ? "import('./prisma/client.js').PrismaClient"
    : 'unknown';
  const { generates } = parseYaml(readFileSync('codegen.yml', 'utf8'));
  const config = { ...generates[OUTPUT].config, mappers };
  const parts = [await typescriptPlugin(schema, [], config), await resolversPlugin(schema, [], config)];
  const rows = [...bound.values()].map((model) => printRow(model, enums));
  const boundRow = [...bound.keys()].map((name) => `${name}Row`).join(' | ') || 'never';
  const text = [
    '// Generated from schema/ and prisma/ by scripts/generate-graphql-types.mjs; edits are lost.',
    ...parts.flatMap((part) => part.prepend ?? []),
    "import type { RequestContext, RowValue } from '../index.js';",
    '/** The third argument of every resolver. */',
    `export type Context = RequestContext<${client}>;`,
    '/** Any value of a Json column. */',
    'export type Json = RowValue;',
    ...rows,
    `type BoundRow = ${boundRow};`,
    `${STUB}\nexport type Stub<T> = T extends BoundRow ? Partial<T> & { readonly __typename?: string } : T;`,
    ...parts.map((part) => part.content),
    '',
  ].join('\n');
  mkdirSync(dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, text);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await generateGraphqlTypes();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [place] = error.locations ?? [];
    process.stderr.write(`${error.source?.name}:${place?.line}:${place?.column} ${error.message}\n`);
    process.exitCode = 1;
  }
}
