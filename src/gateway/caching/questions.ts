import type { DocumentNode } from 'graphql';
import type { OperationKeys } from '../../binding/caching/operation-keys.js';
import type { FieldLife, OperationPolicies } from '../../binding/caching/operation-policies.js';
import type { NamedCaches } from '../../cache/named-caches.js';
import type { CachePolicy } from '../../cache/policy/cache-policy.js';
import type { TieredCache } from '../../cache/stores/tiered-cache.js';
import type { Viewer } from '../../identity/viewer.js';
import type { Variation } from './variations.js';
import type { ViewerParts } from './viewer-part.js';

type Variables = { readonly [name: string]: unknown };

/** An operation as the cache sees it, asked by someone. */
export type Question =
  | {
      readonly kind: 'uncacheable';
      readonly why: string;
      /** Its variables as the operation takes them; null: they are faulty, or it is no query. */
      readonly coerced: Variables | null;
    }
  | ({ readonly kind: 'cacheable' } & CacheableQuestion);

export interface CacheableQuestion {
  readonly key: string;
  /** The part of the key that doesn't depend on who asks. */
  readonly requestKey: string;
  /** The operation's own part of the key. */
  readonly operation: string;
  /** Operations that differ in literals alone share one. */
  readonly group: string;
  readonly cache: TieredCache;
  readonly policy: CachePolicy;
  /** Fields selected at the top. */
  readonly coordinates: readonly string[];
  readonly typeNames: readonly string[];
}

export interface QuestionParts {
  readonly keys: OperationKeys;
  readonly policies: OperationPolicies;
  readonly caches: NamedCaches;
  readonly viewers: ViewerParts;
}

/** Who asks, and how. */
export interface Asker {
  readonly viewer: Viewer;
  readonly variation: Variation;
}

/** Finds out under which key, and by which policy, an operation's answer is kept. */
export class Questions {
  readonly #parts: QuestionParts;

  constructor(parts: QuestionParts) {
    this.#parts = parts;
  }

  /** What hints say of each selected field. */
  listLives(
    document: DocumentNode,
    operationName: string | null,
    variables: Variables,
  ): readonly FieldLife[] {
    const { keys, policies } = this.#parts;
    const asked = keys.find(document, operationName, variables);
    return asked === null ? [] : policies.listLives(document, operationName, asked.coerced);
  }

  /** Of a validated operation. */
  find(document: DocumentNode, operationName: string | null, variables: Variables, asker: Asker): Question {
    const { keys, policies, caches, viewers } = this.#parts;
    const asked = keys.find(document, operationName, variables);
    if (asked === null) return uncacheable('its variables have no key');
    const found = policies.find(document, operationName, asked.coerced);
    if (found === null) return uncacheable('only queries are cached');
    const { policy, coordinates, typeNames } = found;
    if (policy.maxAgeSeconds <= 0)
      return uncacheable(`${policy.decidedBy.maxAge} has no maxAge`, asked.coerced);
    const forWhom = viewers.find(asker.viewer, policy, asker.variation);
    if (forWhom === null)
      return uncacheable(
        `${policy.decidedBy.scope ?? 'it'} is private, and nobody has signed in`,
        asked.coerced,
      );
    const requestKey = `${asked.operation}:${asked.variables}`;
    return {
      kind: 'cacheable',
      key: requestKey + forWhom,
      requestKey,
      operation: asked.operation,
      group: asked.group,
      cache: caches.get(policy.cache),
      policy,
      coordinates,
      typeNames,
    };
  }
}

function uncacheable(why: string, coerced: Variables | null = null): Question {
  return { kind: 'uncacheable', why, coerced };
}
