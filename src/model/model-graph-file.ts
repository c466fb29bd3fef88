import { z } from 'zod';

/** Grows with the shape that the generator in src/model/generator writes. */
export const FORMAT_VERSION = 1;

const nullableText = z.string().nullable();
const names = z.array(z.string()).min(1);
const joinColumn = z.enum(['A', 'B']);

const enumSchema = z.object({
  name: z.string(),
  dbName: z.string(),
  dbSchema: nullableText,
  values: z.array(z.object({ name: z.string(), dbName: z.string() })),
  description: nullableText,
});

const columnSchema = z.object({
  name: z.string(),
  dbName: z.string(),
  type: z.enum([
    'String',
    'Boolean',
    'Int',
    'BigInt',
    'Float',
    'Decimal',
    'DateTime',
    'Json',
    'Bytes',
    'Enum',
  ]),
  enumName: nullableText,
  pgType: z.string(),
  isList: z.boolean(),
  isNullable: z.boolean(),
  isReadOnly: z.boolean(),
  hasDefault: z.boolean(),
  description: nullableText,
});

const relationSchema = z.object({
  name: z.string(),
  target: z.string(),
  relationName: z.string(),
  cardinality: z.enum(['one', 'many']),
  isNullable: z.boolean(),
  link: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('columns'),
      local: names,
      foreign: names,
      keyOn: z.enum(['local', 'foreign']),
    }),
    z.object({
      kind: z.literal('join'),
      table: z.string(),
      tableSchema: nullableText,
      localJoinColumn: joinColumn,
      foreignJoinColumn: joinColumn,
      local: z.tuple([z.string()]),
      foreign: z.tuple([z.string()]),
    }),
  ]),
  description: nullableText,
});

const modelSchema = z.object({
  name: z.string(),
  dbName: z.string(),
  dbSchema: nullableText,
  kind: z.enum(['table', 'view']),
  description: nullableText,
  columns: z.array(columnSchema),
  relations: z.array(relationSchema),
  primaryKey: names.nullable(),
  uniques: z.array(names),
});

/** The content of `model-graph.json`; src/model/model-graph.ts says what its parts mean. */
export const modelGraphFile = z.object({
  version: z.literal(FORMAT_VERSION),
  hash: z.string(),
  enums: z.array(enumSchema),
  models: z.array(modelSchema),
});
