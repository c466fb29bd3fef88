import { deserialize, serialize } from 'node:v8';

/** What JSON can't say begins so. */
const BINARY = 'v8:';

/**
 * A job's arguments as text, from which they come back exactly: dates, big integers and bytes too. JSON where that is all
 * there is, for people to read; else such that any later version of Node.js can read it, since what waits in a queue
 * outlives the process that put it there.
 */
export function encodeArguments(args: unknown): string {
  return isJson(args) ? JSON.stringify(args) : BINARY + serialize(args).toString('base64');
}

/** @throws for text that `encodeArguments` didn't write */
export function decodeArguments(text: string): unknown {
  if (!text.startsWith(BINARY)) return JSON.parse(text);
  return deserialize(Buffer.from(text.slice(BINARY.length), 'base64'));
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // As a key of a literal it would be something else.
  return Object.entries(value).every(([key, item]) => key !== '__proto__' && isJson(item));
}
