import type { Model, Relation } from '../../model/model-graph.js';
import { allOf } from '../condition.js';
import type { Row } from '../row.js';
import type { RelatedQuery } from '../row-reader.js';
import { findRecordsByColumns, findRowsByColumns, isPresent, readKey, toArguments } from './find-rows.js';
import { KeyIndex } from './keys.js';
import { afterCondition } from './keyset-condition.js';
import { getModel, getRelation } from './model-parts.js';
import type { PrismaRecord, PrismaSource } from './prisma-client-port.js';
import { createRowPlan, readRows } from './prisma-rows.js';

export async function findRelatedRows(
  source: PrismaSource,
  query: RelatedQuery,
): Promise<readonly (readonly Row[])[]> {
  const parent = getModel(source.graph, query.parentModel);
  const relation = getRelation(parent, query.relation);
  const byParent =
    relation.cardinality === 'one'
      ? await findToOne(source, relation, query)
      : await findToMany(source, parent, relation, query);
  return query.parents.map((key) => byParent.get(key) ?? []);
}

/** A to-one relation leads to a unique key, on one side or the other: one batch over the target. */
async function findToOne(
  source: PrismaSource,
  relation: Relation,
  query: RelatedQuery,
): Promise<KeyIndex<readonly Row[]>> {
  const target = getModel(source.graph, relation.target);
  const { foreign } = relation.link;
  const rows = await findRowsByColumns(source, target, {
    keyColumns: foreign,
    keys: query.parents,
    columns: query.columns,
    where: allOf(query.where, afterCondition(query.order, query.after)),
  });
  const byKey = new KeyIndex<readonly Row[]>(target, foreign);
  const until = query.limit === null ? undefined : query.offset + query.limit;
  for (const row of rows) {
    byKey.set(
      foreign.map((name) => row[name] ?? null),
      [row].slice(query.offset, until),
    );
  }
  return byKey;
}

/**
 * A to-many relation is selected below its parents, where `take` and `skip` count per parent. Prisma reads all
 * that is below them, and cuts in memory.
 */
async function findToMany(
  source: PrismaSource,
  parent: Model,
  relation: Relation,
  query: RelatedQuery,
): Promise<KeyIndex<readonly Row[]>> {
  const plan = createRowPlan(getModel(source.graph, relation.target), query.columns);
  const { local } = relation.link;
  const parents = await findRecordsByColumns(source, parent, local, {
    keys: query.parents,
    select: { [relation.name]: await toArguments(source, plan, query) },
  });
  const records = parents.map((record) => record[relation.name] as readonly PrismaRecord[]);
  // All children in one batch, dealt out again in the same order.
  const rows = await readRows(source, plan, records.flat());
  const byKey = new KeyIndex<readonly Row[]>(parent, local);
  let start = 0;
  for (const [index, record] of parents.entries()) {
    const end = start + (records[index]?.length ?? 0);
    byKey.set(readKey(parent, local, record), rows.slice(start, end).filter(isPresent));
    start = end;
  }
  return byKey;
}
