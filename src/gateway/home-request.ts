import type { FastifyRequest } from 'fastify';
import { readAddress } from '../identity/address.js';

const HOME_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether someone sits at this very machine and means it: another site's name may lead to this address (DNS rebinding),
 * a page of another origin may ask for it, and a proxy may stand here for the rest of the world.
 */
export function isAtHome(
  request: FastifyRequest,
  { allowsOrigin = false }: { readonly allowsOrigin?: boolean } = {},
): boolean {
  const { 'sec-fetch-site': site, origin, forwarded } = request.headers;
  return (
    forwarded === undefined &&
    request.headers['x-forwarded-for'] === undefined &&
    readAddress(request.socket.remoteAddress).isLoopback &&
    HOME_NAMES.has(request.hostname) &&
    (site === undefined || site === 'same-origin' || site === 'none') &&
    (allowsOrigin || origin === undefined)
  );
}
