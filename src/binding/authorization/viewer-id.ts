import type { Column } from '../../model/model-graph.js';
import type { RowValue } from '../../reads/row.js';
import { checkValue } from '../inputs/check-value.js';

/**
 * A viewer's id as a value of the column that holds owners' ids; null where it can't be one. Numbers only as they are
 * written, so that `07` isn't 7.
 */
export function parseViewerId(id: string, column: Column): RowValue | null {
  if (checkValue(column, id) !== null) return null;
  switch (column.type) {
    case 'Int':
      return String(Number(id)) === id ? Number(id) : null;
    case 'BigInt':
      return BigInt(id).toString() === id ? id : null;
    default:
      return column.pgType === 'uuid' ? id.toLowerCase() : id;
  }
}
