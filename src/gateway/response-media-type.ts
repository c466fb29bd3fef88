import { BoundedCache } from '../kernel/bounded-cache.js';

/** The two media types of a GraphQL response (GraphQL over HTTP, section "Media types"). */
export type ResponseMediaType = 'application/json' | 'application/graphql-response+json';

const PREFERENCE: readonly ResponseMediaType[] = ['application/json', 'application/graphql-response+json'];

/**
 * The media type that an `Accept` header prefers; `application/json` where it says nothing or takes anything;
 * null where it accepts neither. Between types of equal quality the one named first wins, as both are ours.
 */
export function chooseResponseMediaType(accept: string | undefined): ResponseMediaType | null {
  if (accept === undefined) return 'application/json';
  // Nearly all clients send the same few, and each request asks several times.
  const known = chosen.get(accept);
  if (known !== undefined) return known;
  const choice = choose(accept);
  chosen.set(accept, choice, { weight: accept.length, ttlMs: null });
  return choice;
}

const chosen = new BoundedCache<ResponseMediaType | null>({ maxEntries: 100, maxWeight: 10_000 });

function choose(accept: string): ResponseMediaType | null {
  if (accept.trim() === '') return 'application/json';
  const ranges = accept.split(',').map(parseRange);
  const [best] = PREFERENCE.map((type) => ({ type, match: findMatch(type, ranges) }))
    .filter(({ match }) => match.quality > 0)
    .sort(
      ({ match: a }, { match: b }) =>
        b.quality - a.quality || a.wildcards - b.wildcards || a.position - b.position,
    );
  return best?.type ?? null;
}

/** Whether an `Accept` header takes a media type; one that says nothing takes anything. */
export function takesMediaType(accept: string | undefined, type: string): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return findMatch(type, accept.split(',').map(parseRange)).quality > 0;
}

/** Whether a browser navigates: only then does `Accept` begin with HTML. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept?.trim().toLowerCase().startsWith('text/html') === true;
}

interface MediaRange {
  readonly range: string;
  readonly quality: number;
  readonly position: number;
}

function parseRange(text: string, position: number): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const written = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = written === undefined ? 1 : Number(written.slice(2));
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0, position };
}

// The most specific range that matches decides, wherever it stands (RFC 9110, 12.5.1).
function findMatch(type: string, ranges: readonly MediaRange[]) {
  const [family = ''] = type.split('/');
  for (const [wildcards, wanted] of [type, `${family}/*`, '*/*'].entries()) {
    const match = ranges.find(({ range }) => range === wanted);
    if (match !== undefined) return { ...match, wildcards };
  }
  return { quality: 0, position: 0, wildcards: 0 };
}
