import { deserialize, serialize } from 'node:v8';

/**
 * A job's arguments as text, from which they come back exactly: dates, big integers and bytes too. Read by any version of
 * Node.js that knows the format: what waits in a queue outlives the process that put it there.
 */
export function encodeArguments(args: unknown): string {
  return serialize(args).toString('base64');
}

/** @throws for text that `encodeArguments` didn't write */
export function decodeArguments(text: string): unknown {
  return deserialize(Buffer.from(text, 'base64'));
}
