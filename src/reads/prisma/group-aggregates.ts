import type { Model, Relation } from '../../model/model-graph.js';
import { allOf } from '../condition.js';
import type { Aggregate, RelatedAggregateQuery } from '../row-reader.js';
import { findRecordsByColumns, readKey } from './find-rows.js';
import { inChunks, KeyIndex, keysCondition } from './keys.js';
import { getModel, getRelation } from './model-parts.js';
import { toAggregateArguments } from './prisma-aggregates.js';
import { getDelegate, type PrismaRecord, type PrismaSource } from './prisma-client-port.js';
import { toPrismaWhere } from './prisma-where.js';
import { everyOf } from './where-logic.js';

/** Prisma's aggregates of the rows related to each parent, by the parent's key; none for a parent without rows. */
export async function aggregateGroups(
  source: PrismaSource,
  query: RelatedAggregateQuery,
  aggregates: readonly Aggregate[],
): Promise<KeyIndex<PrismaRecord>> {
  const parent = getModel(source.graph, query.parentModel);
  const relation = getRelation(parent, query.relation);
  if (relation.link.kind === 'columns') return groupByForeign(source, relation, query, aggregates);
  const onlyCounts = aggregates.every(({ fn }) => fn === 'count');
  return onlyCounts
    ? countBelow(source, parent, relation, query)
    : aggregateByParent(source, { parent, relation, query, aggregates });
}

/** One group of target rows for each value of the columns that meet the parent's. */
async function groupByForeign(
  source: PrismaSource,
  relation: Relation,
  query: RelatedAggregateQuery,
  aggregates: readonly Aggregate[],
): Promise<KeyIndex<PrismaRecord>> {
  const target = getModel(source.graph, relation.target);
  const { foreign } = relation.link;
  const byKey = new KeyIndex<PrismaRecord>(target, foreign);
  for (const keys of inChunks(query.parents)) {
    const groups = await getDelegate(source.client, target).groupBy({
      by: foreign,
      where: await toPrismaWhere(source, target, allOf(keysCondition(foreign, keys), query.where)),
      ...toAggregateArguments(aggregates),
    });
    for (const group of groups) byKey.set(readKey(target, foreign, group), group);
  }
  return byKey;
}

/** Prisma counts many-to-many rows below their parents. */
async function countBelow(
  source: PrismaSource,
  parent: Model,
  relation: Relation,
  query: RelatedAggregateQuery,
): Promise<KeyIndex<PrismaRecord>> {
  const { local } = relation.link;
  const where = await toPrismaWhere(source, getModel(source.graph, relation.target), query.where);
  const records = await findRecordsByColumns(source, parent, local, {
    keys: query.parents,
    select: { _count: { select: { [relation.name]: { where } } } },
  });
  const byKey = new KeyIndex<PrismaRecord>(parent, local);
  for (const record of records) {
    const counts = record._count as PrismaRecord;
    byKey.set(readKey(parent, local, record), { _count: { _all: counts[relation.name] } });
  }
  return byKey;
}

interface JoinedAggregates {
  readonly parent: Model;
  readonly relation: Relation;
  readonly query: RelatedAggregateQuery;
  readonly aggregates: readonly Aggregate[];
}

/** A statement for each parent: Prisma groups by columns alone, and the join table has no model. */
async function aggregateByParent(
  source: PrismaSource,
  { parent, relation, query, aggregates }: JoinedAggregates,
): Promise<KeyIndex<PrismaRecord>> {
  const target = getModel(source.graph, relation.target);
  const { local } = relation.link;
  const inverse = getInverse(target, parent, relation);
  const where = await toPrismaWhere(source, target, query.where);
  const byKey = new KeyIndex<PrismaRecord>(parent, local);
  for (const key of query.parents) {
    const isParent = await toPrismaWhere(source, parent, keysCondition(local, [key]));
    const group = await getDelegate(source.client, target).aggregate({
      where: everyOf([{ [inverse.name]: { some: isParent } }, where]),
      ...toAggregateArguments(aggregates),
    });
    byKey.set(key, group);
  }
  return byKey;
}

/** The same relation seen from the other side, which Prisma's schema always has. */
function getInverse(target: Model, parent: Model, relation: Relation): Relation {
  for (const candidate of target.relations.values()) {
    const isSame = candidate.relationName === relation.relationName && candidate.target === parent.name;
    if (isSame && (target !== parent || candidate.name !== relation.name)) return candidate;
  }
  throw new Error(`${parent.name}.${relation.name} has no other side in ${target.name}.`);
}
