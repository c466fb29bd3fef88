import type { FastifyRequest } from 'fastify';

/** A header that no page can send to another origin without a preflight, and so Apollo Server's sign of good faith. */
const PREFLIGHT_HEADER = 'apollo-require-preflight';

/**
 * Apollo Server's protection against cross-site request forgery refuses a GET that a page on another site
 * could cause without asking. That spares nobody who pastes a URL into an address bar, or uses curl. This
 * marks the GETs that such a page can't be behind: those of no browser, of the user and of our own pages.
 */
export function markTrustworthyGet(request: FastifyRequest): void {
  if (request.method === 'GET' && !mayComeFromAnotherSite(request)) {
    request.headers[PREFLIGHT_HEADER] = 'by-fetch-metadata';
  }
}

function mayComeFromAnotherSite(request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  // Browsers leave Sec-Fetch-Site away on plain HTTP beyond localhost, and older ones everywhere. All of them
  // call themselves Mozilla, which a page can't change.
  return request.headers['user-agent']?.startsWith('Mozilla/') === true;
}
