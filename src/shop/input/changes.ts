import { badUserInput } from '../../index.js';

/**
 * What `parse` makes of a field that may be left out: undefined where it was. A field that was given as null is a
 * fault, since "leave it" and "empty it" would look alike.
 */
export function parseChange<Given, Parsed>(
  path: readonly (string | number)[],
  value: Given | null | undefined,
  parse: (path: readonly (string | number)[], value: Given) => Parsed,
): Parsed | undefined {
  if (value === undefined) return undefined;
  if (value === null) throw badUserInput(path, 'must not be null: leave it out to keep it as it is');
  return parse(path, value);
}
