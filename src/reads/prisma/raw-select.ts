import type { Column, EnumType, Model } from '../../model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../../model/sql/identifiers.js';
import { toParameterType } from '../../model/sql/parameter-type.js';
import type { Key, RowValue } from '../row.js';
import { exactTextSql, readExactText } from './exact-text.js';
import { findIdentity, getColumn } from './model-parts.js';
import type { PrismaSource } from './prisma-client-port.js';

/** A condition that is SQL over the table `t`, its parameters text. */
export interface RawCondition {
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

/** Keys (values of `findIdentity`'s columns) of the rows that satisfy the condition. */
export async function selectKeys(
  source: PrismaSource,
  model: Model,
  condition: RawCondition,
): Promise<readonly Key[]> {
  const identity = getIdentity(model).map((name) => getColumn(model, name));
  const columns = identity.map((column, index) => `${keyTextSql(column)} AS k${index}`).join(', ');
  const sql = `SELECT ${columns} FROM ${tableSql(source, model)} AS t WHERE ${condition.sql}`;
  const records = await queryTexts(source, sql, condition.values);
  return records.map((record) =>
    identity.map((column, index) => readKeyText(column, record[`k${index}`] ?? '')),
  );
}

/**
 * The exact values of some columns, entry i for key i: in one statement, whatever their number. Null where the
 * row has gone since its key was read.
 */
export async function selectExactValues(
  source: PrismaSource,
  model: Model,
  keys: readonly Key[],
  columns: readonly Column[],
): Promise<readonly (readonly RowValue[] | null)[]> {
  const identity = getIdentity(model).map((name) => getColumn(model, name));
  const parameters = identity.map((_, index) => keys.map((key) => String(key[index])));
  const texts = columns.map((column, index) => `${exactTextSql(column, 't')} AS v${index}`);
  const arrays = identity.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const names = identity.map((_, index) => `k${index}`).join(', ');
  const meets = identity
    .map((column, index) => `t.${quoteIdentifier(column.dbName)} = ${keyParameterSql(column, `k.k${index}`)}`)
    .join(' AND ');
  const sql =
    `SELECT k.place::int4 AS place, ${texts.join(', ')} FROM unnest(${arrays})` +
    ` WITH ORDINALITY AS k(${names}, place) JOIN ${tableSql(source, model)} AS t ON ${meets}`;
  const found = new Map<number, readonly RowValue[]>();
  for (const record of await queryTexts(source, sql, parameters)) {
    found.set(
      Number(record.place) - 1,
      columns.map((column, index) => readExactText(column, record[`v${index}`] ?? null)),
    );
  }
  return keys.map((_, index) => found.get(index) ?? null);
}

/** PostgreSQL's names of an enum's values that stand in `op` to the given one. */
export async function selectEnumValues(
  source: PrismaSource,
  enumType: EnumType,
  op: string,
  value: string,
): Promise<readonly string[]> {
  const type = quoteQualified(enumType.dbSchema ?? source.defaultSchema, enumType.dbName);
  const sql =
    `SELECT value::text AS value FROM unnest(enum_range(NULL::${type})) AS value` +
    ` WHERE value ${op} $1::text::${type}`;
  return (await queryTexts(source, sql, [value])).map((record) => record.value ?? '');
}

function tableSql({ defaultSchema }: PrismaSource, model: Model): string {
  return quoteQualified(model.dbSchema ?? defaultSchema, model.dbName);
}

/** @throws Error where nothing tells rows apart: documented at `PrismaRowReader`. */
export function getIdentity(model: Model): readonly string[] {
  const identity = findIdentity(model);
  if (identity !== null) return identity;
  throw new Error(
    `PrismaRowReader can't do this with ${model.name}, whose rows have no key that Prisma holds.`,
  );
}

function keyTextSql(column: Column): string {
  const reference = `t.${quoteIdentifier(column.dbName)}`;
  // PostgreSQL breaks base64 into lines.
  return column.type === 'Bytes'
    ? `translate(encode(${reference}, 'base64'), E'\\n', '')`
    : `${reference}::text`;
}

function keyParameterSql(column: Column, reference: string): string {
  return column.type === 'Bytes'
    ? `decode(${reference}, 'base64')`
    : `${reference}::${toParameterType(column.pgType)}`;
}

function readKeyText(column: Column, text: string): RowValue {
  switch (column.type) {
    case 'Int':
      return Number(text);
    case 'Boolean':
      return text === 'true';
    default:
      return text;
  }
}

type TextRecord = { readonly [name: string]: string | null };

async function queryTexts(
  source: PrismaSource,
  sql: string,
  values: readonly unknown[],
): Promise<readonly TextRecord[]> {
  return (await source.client.$queryRawUnsafe(sql, ...values)) as readonly TextRecord[];
}
