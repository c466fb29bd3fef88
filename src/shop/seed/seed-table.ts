export type CopyValue = string | number | boolean | null;

/** The rows of one table, computed as they are read, so that a large seed needs no more memory than a small one. */
export interface SeedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** How many rows there will be, for showing progress; may be a little off. */
  readonly expectedRows: number;
  rows(): Iterable<readonly CopyValue[]>;
}

/** A time as PostgreSQL reads it. */
export function toTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** Whole cents as PostgreSQL's numeric: 1990 → `19.90`. */
export function toDecimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
