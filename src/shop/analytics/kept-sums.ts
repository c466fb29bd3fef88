/** A table of sums: its keys, the last of which is a time, and what is summed up. */
export interface KeptSums {
  readonly table: string;
  readonly keys: readonly string[];
  readonly sums: readonly string[];
}

const row = (alias: string, columns: readonly string[]) =>
  `(${columns.map((column) => `${alias}.${column}`).join(', ')})`;

/** Whether a row that is `kept` is none of `fresh` any more. */
export function isGoneSql({ keys }: KeptSums): string {
  return `NOT EXISTS (SELECT FROM fresh WHERE ${row('fresh', keys)} = ${row('kept', keys)})`;
}

/** Writes the rows of `fresh`. What is the same already is left alone: whoever has read it needs not read it again. */
export function writeFreshSql({ table, keys, sums }: KeptSums): string {
  const columns = [...keys, ...sums].join(', ');
  return `
INSERT INTO ${table} AS kept (${columns}) SELECT ${columns} FROM fresh
ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${sums.map((sum) => `${sum} = excluded.${sum}`).join(', ')}
  WHERE ${row('kept', sums)} IS DISTINCT FROM ${row('excluded', sums)}`;
}

/** Puts the rows of `fresh`, a SELECT of keys and sums, in the place of those that `where` tells of, by the name `kept`. */
export function replaceSql(of: KeptSums, fresh: string, where: string): string {
  return `
WITH fresh AS (${fresh}), gone AS (DELETE FROM ${of.table} AS kept WHERE ${where} AND ${isGoneSql(of)})
${writeFreshSql(of)}`;
}

/** The keys of rows that aren't what `fresh` says, with both; ids are nobody's sums. */
export function differencesSql({ table, keys, sums }: KeptSums, fresh: string): string {
  const told = keys.map((key, index) => {
    const value = `coalesce(kept.${key}, fresh.${key})`;
    return `${value}${index === keys.length - 1 ? '::text' : ''} AS ${key}`;
  });
  return `
SELECT ${told.join(', ')}, to_jsonb(kept) - 'id' AS kept, to_jsonb(fresh) AS real
FROM ${table} AS kept FULL JOIN (${fresh}) AS fresh USING (${keys.join(', ')})
WHERE ${row('kept', sums)} IS DISTINCT FROM ${row('fresh', sums)}`;
}
