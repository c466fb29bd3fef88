/** Types whose bare name means length 1 in a cast; their quoted names mean any length. */
const ANY_LENGTH: ReadonlyMap<string, string> = new Map([
  ['char', 'bpchar'],
  ['character', 'bpchar'],
  ['bit', '"bit"'],
]);

/**
 * The type to cast a parameter to for a comparison with a column of `pgType`: the type without its length or
 * precision. A cast to `varchar(3)` would cut a longer text and one to `numeric(10,2)` round a number, so that
 * a filter found rows that don't equal what was asked for.
 */
export function toParameterType(pgType: string): string {
  if (pgType.startsWith('"')) return pgType;
  const bare = pgType.replace(/\s*\([\d\s,]*\)/, '');
  return ANY_LENGTH.get(bare) ?? bare;
}
