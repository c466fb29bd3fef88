import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { mayComeFromAnotherSite } from '../request-forgery.js';

/** Larger bodies are for those who look before they read; nearly all operations are smaller. */
const MAX_PREREAD_BYTES = 16_384;
/** Longer ones are parsed by those who parse everything. */
const MAX_URL_CHARACTERS = 8_192;

/** Headers that ask for something of their own, or need more than a look: sessions, other origins, explanations. */
const SPECIAL_HEADERS = [
  'cookie',
  'origin',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'upgrade',
  'sluice-explain',
] as const;

const JSON_TYPES: ReadonlySet<string | undefined> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json; charset=UTF-8',
]);

/** Whether a request is so plain that a kept answer, if there is one, is all that it asks for. */
export function isEligible(request: IncomingMessage, path: string): boolean {
  const { method, url = '', headers } = request;
  for (const name of SPECIAL_HEADERS) if (headers[name] !== undefined) return false;
  if (method === 'POST') return url === path && JSON_TYPES.has(headers['content-type']) && isSmall(headers);
  return (
    method === 'GET' &&
    url.length <= MAX_URL_CHARACTERS &&
    url.startsWith(path) &&
    url.charAt(path.length) === '?' &&
    headers['content-type'] === undefined &&
    headers['content-length'] === undefined &&
    !mayComeFromAnotherSite(headers)
  );
}

function isSmall({ 'content-length': length }: IncomingHttpHeaders): boolean {
  if (length === undefined) return false;
  const bytes = Number(length);
  return bytes > 0 && bytes <= MAX_PREREAD_BYTES;
}
