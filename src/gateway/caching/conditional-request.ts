import type { IncomingMessage } from 'node:http';

/**
 * Whether the client has this very answer, and asks only whether it still holds (RFC 9110, 13.1.2): then nothing but the
 * headers has to be sent. Tags compare weakly, as compressed answers have the tag of the plain one.
 */
export function isKnownToClient(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  etag: string | undefined,
): boolean {
  const known = headers['if-none-match'];
  if (known === undefined || etag === undefined || method !== 'GET') return false;
  return known === etag || known.split(',').some((tag) => opaque(tag) === opaque(etag));
}

function opaque(tag: string): string {
  return tag.trim().replace(/^W\//, '');
}
