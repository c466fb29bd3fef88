import type { DecodeCell } from '../plan/read-plan.js';
import type { RowValue } from '../row.js';
import type { AggregateSql } from './aggregate-sql.js';
import type { ColumnSql } from './column-sql.js';

/** How a column's value stands inside JSON, and how it is read out of the parsed JSON. */
export interface CellSql {
  readonly toCell: (reference: string) => string;
  readonly decode: DecodeCell;
}

const cells = new WeakMap<ColumnSql, CellSql>();

/**
 * A column's value inside JSON. JSON's own types hold only what they hold exactly: everything else travels as the
 * text that PostgreSQL prints for it, and is decoded as if it had come alone.
 */
export function columnCell(column: ColumnSql): CellSql {
  let cell = cells.get(column);
  if (cell === undefined) {
    cell = createColumnCell(column);
    cells.set(column, cell);
  }
  return cell;
}

function createColumnCell(column: ColumnSql): CellSql {
  const { decode, toSelected } = column;
  const asText: CellSql = {
    toCell: (reference) => `${toSelected(reference)}::text`,
    decode: (cell) => decode(cell as string),
  };
  if (column.column.isList) return asText;
  switch (column.column.type) {
    case 'Boolean':
      return { toCell: toSelected, decode: keep };
    case 'Int':
    case 'Float':
      // NaN and the infinities, which JSON lacks, come as text, as do oid and its like.
      return { toCell: toSelected, decode: toNumber };
    case 'String':
      return column.isText || column.parameterType === 'uuid' ? { toCell: toSelected, decode: keep } : asText;
    default:
      return asText;
  }
}

/** An aggregate's value inside JSON, as text. */
export function aggregateCell({ sql, decode, empty }: AggregateSql): {
  readonly sql: string;
  readonly decode: DecodeCell;
} {
  return {
    sql: `(${sql})::text`,
    decode: (cell) => (cell === null || cell === undefined ? empty : decode(boolText(cell as string))),
  };
}

/** A boolean cast to text is spelled out, while the wire has one letter, which decoders know. */
function boolText(text: string): string {
  return text === 'true' ? 't' : text === 'false' ? 'f' : text;
}

function toNumber(cell: unknown): number {
  return typeof cell === 'number' ? cell : Number(cell);
}

function keep(cell: unknown): RowValue {
  return cell as RowValue;
}
