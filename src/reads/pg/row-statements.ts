import { Parameters, type Statement } from '../../model/sql/statement.js';
import type { KeyedQuery, RelatedQuery, RowsQuery } from '../row-reader.js';
import type { ColumnSql } from './column-sql.js';
import { conditionSql } from './condition-sql.js';
import { GIVEN_POSITION, givenRows } from './given-rows.js';
import type { ModelSqlCatalog } from './model-sql.js';
import { orderTermsSql } from './order-sql.js';
import { equalSql, findParentColumns, meetingRowsSql } from './relation-sql.js';
import { findColumns, pageSql, selectListSql, whereSql } from './select-sql.js';
import { comparable, StatementScope } from './source.js';

/** A statement whose result rows hold `columns`, behind the position of the key or parent where it has any. */
export interface RowsStatement extends Statement {
  readonly columns: readonly ColumnSql[];
}

export function buildRowsStatement(catalog: ModelSqlCatalog, query: RowsQuery): RowsStatement {
  const scope = new StatementScope(catalog, new Parameters());
  const source = scope.createSource(catalog.get(query.model));
  const columns = findColumns(source, query.columns);
  const list = selectListSql(source, columns);
  const text = `SELECT ${list} FROM ${source.model.table} AS ${source.alias}${pageSql(scope, source, query, [])}`;
  return { text, values: scope.parameters.values, columns };
}

export function buildKeyedStatement(catalog: ModelSqlCatalog, query: KeyedQuery): RowsStatement {
  const scope = new StatementScope(catalog, new Parameters());
  const source = scope.createSource(catalog.get(query.model));
  const keyColumns = findColumns(source, query.keyColumns);
  const columns = [...new Set([...findColumns(source, query.columns), ...keyColumns])];
  const given = givenRows(scope, keyColumns, query.keys);
  const keys = keyColumns.map((column) => comparable(source, column));
  const text =
    `SELECT ${GIVEN_POSITION}, ${selectListSql(source, columns)} FROM ${given.from} ` +
    `JOIN ${source.model.table} AS ${source.alias} ON ${equalSql(keys, given.values)}` +
    whereSql([conditionSql(scope, source, query.where)]);
  return { text, values: scope.parameters.values, columns };
}

/**
 * A page per parent is cut by a subquery per parent, which an index on the relation's columns and the order
 * answers without reading what lies beyond the page. Where all rows are wanted, a join leaves the planner
 * free to read the table once.
 */
export function buildRelatedStatement(catalog: ModelSqlCatalog, query: RelatedQuery): RowsStatement {
  const scope = new StatementScope(catalog, new Parameters());
  const parent = catalog.get(query.parentModel);
  const relation = parent.getRelation(query.relation);
  const source = scope.createSource(catalog.get(relation.target));
  const columns = findColumns(source, query.columns);
  const given = givenRows(scope, findParentColumns(parent, source.model, relation), query.parents);
  const related = meetingRowsSql(scope, relation, source, given.values);
  const list = selectListSql(source, columns);
  const from = `FROM ${given.from}`;
  if (query.limit === null && query.offset === 0 && query.after === null) {
    const order = orderTermsSql(source, query.order);
    const text =
      `SELECT ${joinList(GIVEN_POSITION, list)} ${from} JOIN ${related.from} ON ${related.meets}` +
      whereSql([conditionSql(scope, source, query.where)]) +
      (order.length === 0 ? '' : ` ORDER BY ${joinList(GIVEN_POSITION, ...order)}`);
    return { text, values: scope.parameters.values, columns };
  }
  const page = pageSql(scope, source, query, [related.meets]);
  // Nothing sorts the whole: the subquery's rows come in its own order, one parent's after another's.
  const text = `SELECT ${GIVEN_POSITION}, related.* ${from} CROSS JOIN LATERAL (SELECT ${list} FROM ${related.from}${page}) AS related`;
  return { text, values: scope.parameters.values, columns };
}

function joinList(...items: readonly string[]): string {
  return items.filter((item) => item !== '').join(', ');
}
