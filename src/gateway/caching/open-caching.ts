import type { GraphQLSchema } from 'graphql';
import type { Bindings } from '../../binding/bindings.js';
import { OperationKeys } from '../../binding/caching/operation-keys.js';
import type { OperationPolicies } from '../../binding/caching/operation-policies.js';
import type { NamedCaches } from '../../cache/named-caches.js';
import type { AskedOperations } from '../../cache/warming/asked-operations.js';
import type { Changes } from '../../changes/changes.js';
import { systemClock } from '../../kernel/clock.js';
import type { Config } from '../../kernel/config/config.js';
import type { ReadTagging } from '../../reads/tags/read-tagging.js';
import { Questions } from './questions.js';
import { ResponseCaching, type ResponseCachingParts } from './response-caching.js';
import { ViewerParts } from './viewer-part.js';

/** What answers are kept with, and by whose word they may be served. */
export interface GatewayCaching {
  readonly caches: NamedCaches;
  readonly policies: OperationPolicies;
  readonly tagging: ReadTagging;
  /** Who remembers what is asked; null: nobody, as there is no Redis. */
  readonly asked: AskedOperations | null;
}

export interface OpenCachingParts
  extends GatewayCaching,
    Pick<ResponseCachingParts, 'recompute' | 'metrics' | 'log' | 'sampler' | 'contexts'> {
  readonly config: Config['cache'];
  readonly schema: GraphQLSchema;
  readonly bindings: Bindings | null;
  readonly changes: Changes;
}

/** The cache of whole answers. */
export function openCaching(parts: OpenCachingParts): ResponseCaching {
  const { config, schema, bindings, caches, policies } = parts;
  const viewers = new ViewerParts(bindings);
  return new ResponseCaching({
    ...parts,
    viewers,
    questions: new Questions({ keys: new OperationKeys(schema), policies, caches, viewers }),
    clock: systemClock,
    statusDetail: config.statusDetail,
    jitter: config.jitterPercent / 100,
  });
}
