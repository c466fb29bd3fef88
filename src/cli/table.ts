/** Longer values are cut. */
const MAX_WIDTH = 60;

/** Rows as a table of text, columns as wide as they need. Values as PostgreSQL writes them; null as `∅`. */
export function renderTable(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const texts = rows.map((row) => columns.map((_, index) => toCell(row[index])));
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...texts.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '─'.repeat(width))), ...texts.map(line)].join('\n');
}

function toCell(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  const text =
    value instanceof Date
      ? value.toISOString()
      : Buffer.isBuffer(value)
        ? `\\x${value.toString('hex')}`
        : typeof value === 'object'
          ? JSON.stringify(value)
          : String(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > MAX_WIDTH ? `${line.slice(0, MAX_WIDTH - 1)}…` : line;
}
