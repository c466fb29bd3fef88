import type { Model } from '../../model/model-graph.js';
import type { RowValue } from '../row.js';
import type { Aggregate, AggregateQuery, RelatedAggregateQuery } from '../row-reader.js';
import { findRelatedRows } from './find-related-rows.js';
import { findRows } from './find-rows.js';
import { aggregateGroups } from './group-aggregates.js';
import { getModel, getRelation } from './model-parts.js';
import {
  type AggregateSource,
  aggregateRowsRead,
  findAggregateSource,
  readAggregate,
  toAggregateArguments,
} from './prisma-aggregates.js';
import { getDelegate, type PrismaSource } from './prisma-client-port.js';
import { toPrismaWhere } from './prisma-where.js';

export async function aggregateRows(
  source: PrismaSource,
  query: AggregateQuery,
): Promise<readonly RowValue[]> {
  const model = getModel(source.graph, query.model);
  const parts = divide(model, query);
  const ofPrisma = parts.filter(isOfPrisma).map(({ aggregate }) => aggregate);
  const record =
    ofPrisma.length === 0
      ? null
      : await getDelegate(source.client, model).aggregate({
          where: await toPrismaWhere(source, model, query.where),
          ...toAggregateArguments(ofPrisma),
        });
  return Promise.all(
    parts.map(async ({ aggregate, from }) => {
      if (from.kind === 'prisma') return readAggregate(model, aggregate, record);
      return aggregateRowsRead(aggregate, await findRows(source, { ...from.query, model: model.name }));
    }),
  );
}

export async function aggregateRelatedRows(
  source: PrismaSource,
  query: RelatedAggregateQuery,
): Promise<readonly (readonly RowValue[])[]> {
  const { parentModel, relation: relationName, parents } = query;
  const relation = getRelation(getModel(source.graph, parentModel), relationName);
  const model = getModel(source.graph, relation.target);
  const parts = divide(model, query);
  const ofPrisma = parts.filter(isOfPrisma).map(({ aggregate }) => aggregate);
  const groups = ofPrisma.length === 0 ? null : await aggregateGroups(source, query, ofPrisma);
  const columns = await Promise.all(
    parts.map(async ({ aggregate, from }) => {
      if (from.kind === 'prisma') {
        return parents.map((key) => readAggregate(model, aggregate, groups?.get(key) ?? null));
      }
      const related = { ...from.query, model: model.name, parentModel, relation: relationName, parents };
      const rows = await findRelatedRows(source, related);
      return rows.map((each) => aggregateRowsRead(aggregate, each));
    }),
  );
  return parents.map((_, at) => columns.map((column) => column[at] ?? null));
}

interface Part {
  readonly aggregate: Aggregate;
  readonly from: AggregateSource;
}

function divide(model: Model, { aggregates, where }: AggregateQuery): readonly Part[] {
  return aggregates.map((aggregate) => ({ aggregate, from: findAggregateSource(model, aggregate, where) }));
}

function isOfPrisma({ from }: Part): boolean {
  return from.kind === 'prisma';
}
