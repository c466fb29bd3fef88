import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyValue, SeedTable } from './seed-table.js';

/**
 * Rows of one COPY. Foreign keys are checked when it ends, and PostgreSQL keeps a list of the rows to check until then:
 * several statements keep that list short.
 */
const ROWS_PER_COPY = 50_000;
/** Rows are sent in pieces of about this many characters. */
const PIECE_LENGTH = 65_536;

/**
 * Writes a table's rows.
 *
 * @param onRows told after each statement how many rows are written so far
 * @returns how many rows were written
 */
export async function copyTable(
  client: ClientBase,
  table: SeedTable,
  onRows: (rows: number) => void,
): Promise<number> {
  const rows = table.rows()[Symbol.iterator]();
  const statement = `COPY ${table.name} (${table.columns.join(', ')}) FROM STDIN`;
  let written = 0;
  for (let next = rows.next(); next.done !== true; next = rows.next()) {
    const batch = new RowBatch(rows, next.value);
    await pipeline(Readable.from(batch.pieces()), client.query(copyFrom(statement)));
    written += batch.rows;
    onRows(written);
  }
  return written;
}

/** The text of the next rows, up to a COPY's worth. */
class RowBatch {
  rows = 0;

  constructor(
    private readonly source: Iterator<readonly CopyValue[]>,
    private readonly first: readonly CopyValue[],
  ) {}

  *pieces(): Generator<string> {
    let piece = encodeRow(this.first);
    this.rows = 1;
    while (this.rows < ROWS_PER_COPY) {
      const next = this.source.next();
      if (next.done === true) break;
      piece += encodeRow(next.value);
      this.rows++;
      if (piece.length < PIECE_LENGTH) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  }
}

/** A line in COPY's text format. */
function encodeRow(row: readonly CopyValue[]): string {
  return `${row.map(encodeValue).join('\t')}\n`;
}

function encodeValue(value: CopyValue): string {
  if (value === null) return '\\N';
  if (typeof value !== 'string') return String(value);
  return value.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
