import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** A header that no page can send to another origin without a preflight, and so Apollo Server's sign of good faith. */
const PREFLIGHT_HEADER = 'apollo-require-preflight';

/**
 * Apollo Server's protection against cross-site request forgery refuses what a page on another site could cause without
 * asking. That spares no GET of somebody who pastes a URL into an address bar, or uses curl. This marks the GETs that such
 * a page can't be behind: those of no browser, of the user and of our own pages. And it marks each POST that got here:
 * its body is JSON, as Fastify takes nothing else, which no page may send to another site unasked; so Apollo Server need
 * not read the header again.
 */
export function markTrustworthy(request: FastifyRequest): void {
  if (request.method === 'POST') {
    if (request.body === undefined) return;
    request.headers[PREFLIGHT_HEADER] = 'by-content-type';
    request.headers['content-type'] = undefined;
  } else if (!mayComeFromAnotherSite(request.headers)) {
    request.headers[PREFLIGHT_HEADER] = 'by-fetch-metadata';
  }
}

/** Whether a page on another site could have caused a GET with these headers without asking. */
export function mayComeFromAnotherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  // Browsers leave Sec-Fetch-Site away on plain HTTP beyond localhost, and older ones everywhere. All of them
  // call themselves Mozilla, which a page can't change.
  return headers['user-agent']?.startsWith('Mozilla/') === true;
}
