import { isDeepStrictEqual } from 'node:util';

/** Cursors are each server's own; an instant may be written in several ways. */
export function toComparable(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => toComparable(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, toComparable(inner, name)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (key === 'cursor' || key === 'endCursor') return '(cursor)';
  if (key === 'createdAt') return new Date(value).toISOString();
  return value;
}

/** Where two answers first differ. */
export function describeDifference(answer, expected, path = 'data') {
  const isBranch = (value) => value !== null && typeof value === 'object';
  if (!isBranch(answer) || !isBranch(expected)) {
    return `${path} is ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`;
  }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(answer)])) {
    if (!isDeepStrictEqual(answer[name], expected[name])) {
      return describeDifference(answer[name], expected[name], `${path}.${name}`);
    }
  }
  return `${path} differs`;
}
