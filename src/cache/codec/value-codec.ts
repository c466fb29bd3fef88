import { deserialize, serialize } from 'node:v8';

/** Encoded values are read by the version of V8 that wrote them alone: it is to be part of their keys. */
export const VALUE_FORMAT = `v8-${process.versions.v8}`;

/** Deeper values are not kept. */
const MAX_DEPTH = 32;

/**
 * A resolver's value as bytes, from which it comes back exactly: `Date`, `bigint`, bytes, `undefined`, `NaN` and `-0` too.
 * Null where it holds something that wouldn't: functions, promises, and objects of classes.
 */
export function encodeValue(value: unknown): Buffer | null {
  return isPlain(value, 0) ? serialize(value) : null;
}

/** @throws for bytes that `encodeValue` didn't write */
export function decodeValue(bytes: Buffer): unknown {
  return deserialize(bytes);
}

function isPlain(value: unknown, depth: number): boolean {
  if (value === null || value === undefined) return true;
  const type = typeof value;
  if (type === 'string' || type === 'number' || type === 'boolean' || type === 'bigint') return true;
  if (type !== 'object' || depth > MAX_DEPTH) return false;
  if (value instanceof Date) return Object.getPrototypeOf(value) === Date.prototype;
  if (Buffer.isBuffer(value)) return true;
  if (Array.isArray(value)) return value.every((item) => isPlain(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) =>
      property.get === undefined && property.enumerable === true && isPlain(property.value, depth + 1),
  );
}
