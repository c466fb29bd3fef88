import type { Model } from '../../model/model-graph.js';
import { allOf, type Condition } from '../condition.js';
import type { Key, Row } from '../row.js';
import type { KeyedQuery, RowsQuery } from '../row-reader.js';
import { inChunks, KeyIndex, keysCondition } from './keys.js';
import { afterCondition } from './keyset-condition.js';
import { getColumn, getModel } from './model-parts.js';
import {
  getDelegate,
  type PrismaArguments,
  type PrismaRecord,
  type PrismaSelect,
  type PrismaSource,
} from './prisma-client-port.js';
import { readPrismaValue } from './prisma-output.js';
import { createRowPlan, type RowPlan, readRows, toPrismaOrder } from './prisma-rows.js';
import { toPrismaWhere } from './prisma-where.js';

export async function findRows(source: PrismaSource, query: RowsQuery): Promise<readonly Row[]> {
  const model = getModel(source.graph, query.model);
  const plan = createRowPlan(model, query.columns);
  const records = await getDelegate(source.client, model).findMany(await toArguments(source, plan, query));
  const rows = await readRows(source, plan, records);
  return rows.filter(isPresent);
}

export async function findRowsByKeys(
  source: PrismaSource,
  query: KeyedQuery,
): Promise<readonly (Row | null)[]> {
  const { keyColumns, keys, columns, where } = query;
  const model = getModel(source.graph, query.model);
  const byKey = new KeyIndex<Row>(model, keyColumns);
  for (const row of await findRowsByColumns(source, model, { keyColumns, keys, columns, where })) {
    byKey.set(
      keyColumns.map((name) => row[name] ?? null),
      row,
    );
  }
  return keys.map((key) => byKey.get(key) ?? null);
}

/** The rows that have one of the keys, in any order; their `keyColumns` are among the columns. */
export async function findRowsByColumns(
  source: PrismaSource,
  model: Model,
  { keyColumns, keys, columns, where }: Omit<KeyedQuery, 'model'>,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const chunk of inChunks(keys)) {
    const rows = await findRows(source, {
      model: model.name,
      columns: [...keyColumns, ...columns],
      where: allOf(keysCondition(keyColumns, chunk), where),
      order: [],
      limit: null,
      offset: 0,
      after: null,
    });
    found.push(...rows);
  }
  return found;
}

/** What Prisma gives of the rows that have one of the keys: the key's columns, and `select`. */
export async function findRecordsByColumns(
  source: PrismaSource,
  model: Model,
  keyColumns: readonly string[],
  { keys, select }: { readonly keys: readonly Key[]; readonly select: PrismaSelect },
): Promise<readonly PrismaRecord[]> {
  const withKeys = { ...Object.fromEntries(keyColumns.map((name) => [name, true])), ...select };
  const records: PrismaRecord[] = [];
  for (const chunk of inChunks(keys)) {
    const where = await toPrismaWhere(source, model, keysCondition(keyColumns, chunk));
    records.push(...(await getDelegate(source.client, model).findMany({ where, select: withKeys })));
  }
  return records;
}

export function readKey(model: Model, keyColumns: readonly string[], record: PrismaRecord): Key {
  return keyColumns.map((name) => readPrismaValue(getColumn(model, name), record[name]));
}

/** Arguments of a `findMany`, and of a relation in a `select`. */
export async function toArguments(
  source: PrismaSource,
  plan: RowPlan,
  { where, order, limit, offset, after }: Omit<RowsQuery, 'model' | 'columns'>,
): Promise<PrismaArguments> {
  const condition: Condition = allOf(where, afterCondition(order, after));
  return {
    select: plan.select,
    where: await toPrismaWhere(source, plan.model, condition),
    orderBy: toPrismaOrder(plan.model, order),
    skip: offset,
    ...(limit === null ? {} : { take: limit }),
  };
}

export function isPresent(row: Row | null): row is Row {
  return row !== null;
}
