import type { Relation } from '../../model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../../model/sql/identifiers.js';
import type { ColumnSql } from './column-sql.js';
import type { ModelSql } from './model-sql.js';
import { comparable, type Source, type StatementScope } from './source.js';

/** Where related rows come from, and when one of them meets its parent. */
export interface RelatedRowsSql {
  readonly from: string;
  readonly meets: string;
}

/** The rows of `target` that are related to a row of `parent`, for a subquery that refers to the parent. */
export function relatedRowsSql(
  scope: StatementScope,
  parent: Source,
  relation: Relation,
  target: Source,
): RelatedRowsSql {
  const local = relation.link.local.map((name) => comparable(parent, parent.model.getColumn(name)));
  return meetingRowsSql(scope, relation, target, local);
}

/** The rows of `target` whose parent has the given values: expressions, in the order of `link.local`. */
export function meetingRowsSql(
  scope: StatementScope,
  relation: Relation,
  target: Source,
  parentValues: readonly string[],
): RelatedRowsSql {
  const { link } = relation;
  const from = `${target.model.table} AS ${target.alias}`;
  const foreign = link.foreign.map((name) => comparable(target, target.model.getColumn(name)));
  if (link.kind === 'columns') return { from, meets: equalSql(foreign, parentValues) };
  const join = scope.createAlias();
  const joinTable = quoteQualified(link.tableSchema ?? scope.catalog.defaultSchema, link.table);
  const toTarget = equalSql(foreign, [`${join}.${quoteIdentifier(link.foreignJoinColumn)}`]);
  return {
    from: `${joinTable} AS ${join} JOIN ${from} ON ${toTarget}`,
    meets: equalSql([`${join}.${quoteIdentifier(link.localJoinColumn)}`], parentValues),
  };
}

/**
 * The columns whose types parents' values are given in. A foreign key may be of another type than what it
 * refers to; the column that is searched decides, so that its index serves.
 */
export function findParentColumns(
  parent: ModelSql,
  target: ModelSql,
  relation: Relation,
): readonly ColumnSql[] {
  const { link } = relation;
  return link.kind === 'columns'
    ? link.foreign.map((name) => target.getColumn(name))
    : link.local.map((name) => parent.getColumn(name));
}

export function equalSql(left: readonly string[], right: readonly string[]): string {
  return left.map((expression, index) => `${expression} = ${right[index]}`).join(' AND ');
}
