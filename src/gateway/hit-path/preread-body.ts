import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { isEligible } from './eligible-request.js';

const prereads = new WeakMap<IncomingMessage, Buffer>();

/** Reads a small body before anybody else, and calls `done` with it; never where the client goes away before its end. */
export function prereadBody(request: IncomingMessage, done: (body: Buffer) => void): void {
  let first: Buffer | null = null;
  let rest: Buffer[] | null = null;
  request.on('data', (chunk: Buffer) => {
    if (first === null) first = chunk;
    else if (rest === null) rest = [first, chunk];
    else rest.push(chunk);
  });
  request.on('end', () => done(rest === null ? (first ?? Buffer.alloc(0)) : Buffer.concat(rest)));
}

/** For others, as the stream is used up then: they get the body from `streamOf`. */
export function notePreread(request: IncomingMessage, body: Buffer): void {
  prereads.set(request, body);
}

/** The body that was read before; null where nobody did. */
export function findPreread(request: IncomingMessage): Buffer | null {
  return prereads.get(request) ?? null;
}

/** The body as a stream, once more where it was read before. */
export function streamOf<Payload>(request: IncomingMessage, payload: Payload): Payload | Readable {
  const body = findPreread(request);
  return body === null ? payload : Readable.from([body], { objectMode: false });
}

/** What the way of hits knows the request by; null: it would pass it on. */
export function findRequestText(request: IncomingMessage, path: string): string | null {
  const body = findPreread(request);
  if (body !== null) return body.toString('latin1');
  return request.method === 'GET' && isEligible(request, path) ? (request.url ?? null) : null;
}
