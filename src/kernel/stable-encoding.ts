/**
 * One text per value, whatever the order in which an object's keys were written, so that equal requests
 * meet under one key. Types stay apart (1 and "1", null and absent, a Date and its text).
 */
export function encodeStable(value: unknown): string {
  if (value === undefined) return 'u';
  if (value === null) return 'n';
  switch (typeof value) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      // JSON has no NaN, Infinity or negative zero; String() keeps the first two and Object.is the last.
      return Object.is(value, -0) ? '#-0' : `#${value}`;
    case 'bigint':
      return `i${value}`;
    case 'string':
      return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(encodeStable).join(',')}]`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString('base64')}`;
  if (typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${encodeStable(item)}`);
    return `{${entries.join(',')}}`;
  }
  throw new TypeError(`encodeStable takes plain data, not a ${typeof value}`);
}
