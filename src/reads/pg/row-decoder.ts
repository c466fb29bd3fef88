import type { Row, RowValue } from '../row.js';
import type { ColumnSql } from './column-sql.js';

/** One row of a result as text, null for NULL, in the order of the select list. */
export type TextRow = readonly (string | null)[];

export type DecodeRow = (text: TextRow) => Row;

/** Decodes rows whose columns stand in the select list from `offset` on. */
export function createRowDecoder(columns: readonly ColumnSql[], offset: number): DecodeRow {
  const fields = columns.map(({ column, decode }, index) => ({
    name: column.name,
    decode,
    position: offset + index,
    // Prisma has no missing lists: where the database has NULL, there is nothing in the list.
    absent: column.isList && !column.isNullable ? EMPTY_LIST : null,
  }));
  return (text) => {
    const row: Record<string, RowValue> = {};
    for (const { name, decode, position, absent } of fields) {
      const value = text[position];
      row[name] = value === null || value === undefined ? absent : decode(value);
    }
    return row;
  };
}

const EMPTY_LIST: readonly RowValue[] = Object.freeze([]);
