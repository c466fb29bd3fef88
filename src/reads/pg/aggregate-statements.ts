import { Parameters, type Statement } from '../../model/sql/statement.js';
import type { AggregateQuery, RelatedAggregateQuery } from '../row-reader.js';
import { type AggregateSql, aggregateSql } from './aggregate-sql.js';
import { conditionSql } from './condition-sql.js';
import { GIVEN_POSITION, givenRows } from './given-rows.js';
import type { ModelSqlCatalog } from './model-sql.js';
import { findParentColumns, meetingRowsSql } from './relation-sql.js';
import { whereSql } from './select-sql.js';
import { type Source, StatementScope } from './source.js';

/** A statement whose result rows hold `aggregates`, behind the position of the parent where it has any. */
export interface AggregatesStatement extends Statement {
  readonly aggregates: readonly AggregateSql[];
}

export function buildAggregateStatement(
  catalog: ModelSqlCatalog,
  query: AggregateQuery,
): AggregatesStatement {
  const scope = new StatementScope(catalog, new Parameters());
  const source = scope.createSource(catalog.get(query.model));
  const aggregates = findAggregates(source, query);
  const text =
    `SELECT ${listSql(aggregates)} FROM ${source.model.table} AS ${source.alias}` +
    whereSql([conditionSql(scope, source, query.where)]);
  return { text, values: scope.parameters.values, aggregates };
}

/** Parents without any row are missing in the result. */
export function buildRelatedAggregateStatement(
  catalog: ModelSqlCatalog,
  query: RelatedAggregateQuery,
): AggregatesStatement {
  const scope = new StatementScope(catalog, new Parameters());
  const parent = catalog.get(query.parentModel);
  const relation = parent.getRelation(query.relation);
  const source = scope.createSource(catalog.get(relation.target));
  const aggregates = findAggregates(source, query);
  const given = givenRows(scope, findParentColumns(parent, source.model, relation), query.parents);
  const related = meetingRowsSql(scope, relation, source, given.values);
  const text =
    `SELECT ${GIVEN_POSITION}, ${listSql(aggregates)} FROM ${given.from} JOIN ${related.from} ON ${related.meets}` +
    `${whereSql([conditionSql(scope, source, query.where)])} GROUP BY ${GIVEN_POSITION}`;
  return { text, values: scope.parameters.values, aggregates };
}

function findAggregates(source: Source, query: AggregateQuery): readonly AggregateSql[] {
  return query.aggregates.map((aggregate) => aggregateSql(source, aggregate));
}

function listSql(aggregates: readonly AggregateSql[]): string {
  return aggregates.map(({ sql }) => sql).join(', ');
}
