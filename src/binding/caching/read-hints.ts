import { type CacheHint, type CacheScope, NO_HINT } from '../../cache/policy/cache-hint.js';
import { didYouMean } from '../../kernel/suggestion.js';
import { type DirectiveCarrier, findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';

/** Ten years, beyond which a number of seconds is a mistake. */
const MAX_SECONDS = 315_360_000;

/** Names that hints may use. */
export interface HintNames {
  readonly vary: ReadonlySet<string>;
  readonly caches: ReadonlySet<string>;
}

/** What `@cacheControl` and `@cachePolicy` say of an element; `place` is what faults name. */
export function readHint(
  element: DirectiveCarrier,
  place: string,
  names: HintNames,
  faults: SchemaFaultList,
): CacheHint {
  const control = findDirective(element, 'cacheControl');
  const policy = findDirective(element, 'cachePolicy');
  if (control === null && policy === null) return NO_HINT;
  const complain = (directive: string) => (problem: string) =>
    faults.add(findDirectiveNode(element, directive), `@${directive} on ${place} ${problem}`);
  const given = {
    maxAge: control?.maxAge,
    scope: control?.scope,
    inheritMaxAge: control?.inheritMaxAge,
  };
  const further = {
    staleWhileRevalidate: policy?.staleWhileRevalidate,
    staleIfError: policy?.staleIfError,
    vary: policy?.vary,
    cache: policy?.cache,
  };
  return {
    ...checkHint(given, names, complain('cacheControl')),
    ...pickPolicy(checkHint(further, names, complain('cachePolicy'))),
  };
}

/** A hint's parts as SDL and settings spell them; times in seconds. Nobody has checked them yet. */
export type WrittenHint = {
  readonly [Part in
    | 'maxAge'
    | 'scope'
    | 'inheritMaxAge'
    | 'staleWhileRevalidate'
    | 'staleIfError'
    | 'vary'
    | 'cache']?: unknown;
};

/** Reads a hint; what is wrong with it is told, and left open. */
export function checkHint(
  written: WrittenHint,
  names: HintNames,
  complain: (problem: string) => void,
): CacheHint {
  const seconds = (name: keyof WrittenHint): number | null => {
    const value = written[name];
    if (value === undefined || value === null) return null;
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_SECONDS) return Number(value);
    complain(`has ${name}: ${String(value)}; expected whole seconds from 0 to ${MAX_SECONDS}`);
    return null;
  };
  const maxAgeSeconds = seconds('maxAge');
  const inheritMaxAge = typeof written.inheritMaxAge === 'boolean' ? written.inheritMaxAge : null;
  if (inheritMaxAge === true && maxAgeSeconds !== null) {
    complain('has both maxAge and inheritMaxAge, which say different things');
  }
  return {
    maxAgeSeconds,
    scope: checkScope(written.scope, complain),
    inheritMaxAge,
    staleWhileRevalidateSeconds: seconds('staleWhileRevalidate'),
    staleIfErrorSeconds: seconds('staleIfError'),
    vary: checkVary(written.vary, names, complain),
    cache: checkCache(written.cache, names, complain),
  };
}

function pickPolicy({ staleWhileRevalidateSeconds, staleIfErrorSeconds, vary, cache }: CacheHint) {
  return { staleWhileRevalidateSeconds, staleIfErrorSeconds, vary, cache };
}

function checkScope(scope: unknown, complain: (problem: string) => void): CacheScope | null {
  if (scope === undefined || scope === null) return null;
  if (scope === 'PUBLIC' || scope === 'PRIVATE') return scope;
  complain(`has scope: ${String(scope)}; expected PUBLIC or PRIVATE`);
  return null;
}

function checkVary(
  vary: unknown,
  names: HintNames,
  complain: (problem: string) => void,
): readonly string[] | null {
  if (vary === undefined || vary === null) return null;
  const given = (Array.isArray(vary) ? vary : [vary]).map(String);
  for (const name of given) {
    if (!names.vary.has(name))
      complain(`varies by ${name}, which nobody knows${didYouMean(name, names.vary)}`);
  }
  return given.filter((name) => names.vary.has(name));
}

function checkCache(cache: unknown, names: HintNames, complain: (problem: string) => void): string | null {
  if (cache === undefined || cache === null) return null;
  const name = String(cache);
  if (names.caches.has(name)) return name;
  complain(`names the cache ${name}, which isn't defined${didYouMean(name, names.caches)}`);
  return null;
}
