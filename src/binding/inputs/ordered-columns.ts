import type { Column } from '../../model/model-graph.js';

/**
 * Why rows can't be ordered by a column, or values of it compared by `lt` and `gt`, in words that follow its name;
 * null where they can.
 */
export function findOrderFault(column: Column): string | null {
  if (column.isList) return 'is a list';
  // PostgreSQL orders timetz by the instant and then by the zone; the API shows it in UTC, which has lost the zone.
  if (column.pgType === 'timetz')
    return 'is a timetz, whose order depends on a zone that the value no longer shows';
  if (column.type === 'Json' || column.type === 'Bytes' || column.type === 'Boolean') {
    return column.type === 'Boolean' ? null : `is ${column.pgType}, which has no order that means anything`;
  }
  return null;
}
