/** Lines of a table: the first column to the left, the others to the right, as wide as their contents. */
export function formatTable(heads, rows) {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => String(row[column]).length)),
  );
  const format = (row) =>
    row
      .map((value, column) =>
        column === 0 ? String(value).padEnd(widths[column]) : String(value).padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [format(heads), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(format)];
}
