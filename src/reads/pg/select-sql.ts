import type { RowsQuery } from '../row-reader.js';
import type { ColumnSql } from './column-sql.js';
import { conditionSql } from './condition-sql.js';
import { afterSql, orderTermsSql } from './order-sql.js';
import type { Source, StatementScope } from './source.js';

export function findColumns(source: Source, names: readonly string[]): readonly ColumnSql[] {
  return names.map((name) => source.model.getColumn(name));
}

/** Empty for no columns: PostgreSQL then answers with rows that have none. */
export function selectListSql(source: Source, columns: readonly ColumnSql[]): string {
  return columns.map((column) => column.toSelected(`${source.alias}.${column.name}`)).join(', ');
}

/** `WHERE` with a leading space; nothing where no part says anything. */
export function whereSql(parts: readonly string[]): string {
  const needed = parts.filter((part) => part !== 'TRUE');
  return needed.length === 0 ? '' : ` WHERE ${needed.join(' AND ')}`;
}

/** All that follows FROM: the query's condition and `also`, its order, and its page. */
export function pageSql(
  scope: StatementScope,
  source: Source,
  query: Pick<RowsQuery, 'where' | 'order' | 'limit' | 'offset' | 'after'>,
  also: readonly string[],
): string {
  const parts = [...also, conditionSql(scope, source, query.where)];
  if (query.after !== null) parts.push(afterSql(scope, source, query.order, query.after));
  let sql = whereSql(parts);
  if (query.order.length > 0) sql += ` ORDER BY ${orderTermsSql(source, query.order).join(', ')}`;
  if (query.limit !== null) sql += ` LIMIT ${scope.parameters.add(String(query.limit), 'int8')}`;
  if (query.offset !== 0) sql += ` OFFSET ${scope.parameters.add(String(query.offset), 'int8')}`;
  return sql;
}
