import type { AskedField, FieldCache } from '../../binding/caching/field-cache.js';
import type { RequestContext } from '../../binding/request-context.js';
import { decodeValue, encodeValue, VALUE_FORMAT } from '../../cache/codec/value-codec.js';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { NamedCaches } from '../../cache/named-caches.js';
import { DEFAULT_CACHE } from '../../cache/policy/cache-policy.js';
import { coordinatePurgeTag, PURGE_ALL_TAG } from '../../cache/purging/purge-tags.js';
import { createEntry } from '../../cache/responses/create-entry.js';
import type { ResponseCache } from '../../cache/responses/response-cache.js';
import type { TieredCache } from '../../cache/stores/tiered-cache.js';
import type { Position } from '../../changes/position.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Clock } from '../../kernel/clock.js';
import { encodeStable } from '../../kernel/stable-encoding.js';
import { ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { ReadTagging } from '../../reads/tags/read-tagging.js';
import type { CacheMetrics } from '../../telemetry/cache-metrics.js';
import type { GatewayContext } from '../gateway-context.js';
import type { GatewayContexts } from '../gateway-contexts.js';
import { judgeReads } from './judge-reads.js';
import type { ViewerParts } from './viewer-part.js';

export interface OperationFieldsParts {
  readonly responses: ResponseCache;
  readonly caches: NamedCaches;
  readonly viewers: ViewerParts;
  readonly tagging: ReadTagging;
  readonly isCaptured: (model: string) => boolean;
  readonly contexts: Pick<GatewayContexts, 'createPiece'>;
  readonly clock: Clock;
  readonly jitter: number;
  readonly metrics: CacheMetrics;
}

/** A field's calls within one operation share their loaders, so what they depend on is noted together. */
interface Calls {
  readonly context: GatewayContext;
  readonly recorder: ReadRecorder;
}

/** How long a field whose results can't be kept isn't asked for. */
const REFUSAL_TTL_MS = 10_000;

/** Fields whose results turned out not to be for keeping, by coordinate. */
export class FieldRefusals {
  readonly #refused = new BoundedCache<true>({ maxEntries: 10_000, maxWeight: 10_000 });

  add(coordinate: string): void {
    this.#refused.set(coordinate, true, { weight: 1, ttlMs: REFUSAL_TTL_MS });
  }

  has(coordinate: string): boolean {
    return this.#refused.get(coordinate) !== undefined;
  }
}

/**
 * What is kept of the fields of one operation that are written by hand and have a life of their own. Whatever is around
 * them: a field's result is kept by its row's key, its arguments, and for whom it is.
 */
export class OperationFields implements FieldCache<RequestContext> {
  readonly #parts: OperationFieldsParts;
  readonly #refusals: FieldRefusals;
  readonly #operation: GatewayContext;
  /** Before the first read of the operation: what the rows themselves say counts from there. */
  readonly #stamp: Position;
  readonly #calls = new Map<string, Calls>();

  constructor(
    parts: OperationFieldsParts,
    refusals: FieldRefusals,
    { operation, stamp }: { readonly operation: GatewayContext; readonly stamp: Position },
  ) {
    this.#parts = parts;
    this.#refusals = refusals;
    this.#operation = operation;
    this.#stamp = stamp;
  }

  resolve(asked: AskedField, compute: (context: RequestContext) => unknown): unknown {
    const { field } = asked;
    const key = this.#operation.changes.mayUseCaches ? this.#findKey(asked) : null;
    if (key === null || this.#refusals.has(field.coordinate)) return compute(this.#operation);
    const cache = this.#parts.caches.get(field.policy.cache ?? DEFAULT_CACHE);
    const found = this.#parts.responses.find(cache, key);
    if (found !== null && !found.isStale) return this.#use(found.entry);
    return this.#findOrCompute(asked, compute, { cache, key });
  }

  async #findOrCompute(
    asked: AskedField,
    compute: (context: RequestContext) => unknown,
    { cache, key }: { readonly cache: TieredCache; readonly key: string },
  ): Promise<unknown> {
    const { coordinate } = asked.field;
    const found = await this.#parts.responses.lookUp(cache, key, coordinate);
    const { changes } = this.#operation;
    if (found.kind === 'hit' && !found.isStale && changes.mayUseCaches) return this.#use(found.entry);
    this.#parts.metrics.fields.inc({ outcome: found.kind === 'miss' ? found.reason : 'expired' });
    const calls = this.#findCalls(coordinate);
    const value = await compute(calls.context);
    this.#keep(asked, value, { cache, key, calls });
    return value;
  }

  #use(entry: CacheEntry): unknown {
    this.#parts.metrics.fields.inc({ outcome: 'hit' });
    this.#operation.recorder?.notePart({ ...entry, freshUntilMs: entry.storedAtMs + entry.freshMs });
    return decodeValue(entry.body);
  }

  /** Null: it is for nobody in particular, or its arguments can't be told apart. */
  #findKey({ field, key, args }: AskedField): string | null {
    const { coordinate, policy } = field;
    const { viewer, variation } = this.#operation;
    const scope = policy.isPrivate ? 'PRIVATE' : 'PUBLIC';
    const forWhom = this.#parts.viewers.find(viewer, { scope, vary: policy.vary }, variation);
    if (forWhom === null) return null;
    try {
      return `field:${VALUE_FORMAT}:${coordinate}:${encodeStable([key, args])}${forWhom}`;
    } catch (error) {
      // A scalar of the app's made something of its own of an argument.
      if (error instanceof TypeError) return null;
      throw error;
    }
  }

  #findCalls(coordinate: string): Calls {
    let calls = this.#calls.get(coordinate);
    if (calls === undefined) {
      const context = this.#parts.contexts.createPiece(this.#operation);
      const recorder = new ReadRecorder(this.#parts.tagging);
      context.record(recorder);
      calls = { context, recorder };
      this.#calls.set(coordinate, calls);
    }
    return calls;
  }

  #keep(
    { field, key: rowKey }: AskedField,
    value: unknown,
    { cache, key, calls }: { readonly cache: TieredCache; readonly key: string; readonly calls: Calls },
  ): void {
    const seen = calls.recorder.finish();
    this.#operation.recorder?.absorb(seen);
    const { policy, coordinate, model, keyColumns } = field;
    const life = judgeReads(seen, {
      maxAgeSeconds: Math.min(policy.maxAgeSeconds ?? 0, cache.maxAgeSeconds ?? Number.POSITIVE_INFINITY),
      scope: policy.isPrivate ? 'PRIVATE' : 'PUBLIC',
      vary: policy.vary,
      staleWhileRevalidateSeconds: 0,
      staleIfErrorSeconds: 0,
    } as const);
    const body = typeof life === 'string' ? null : encodeValue(value);
    if (typeof life === 'string' || body === null) {
      this.#refusals.add(coordinate);
      this.#parts.metrics.refusals.inc();
      return;
    }
    const { changes } = this.#operation;
    if (!changes.mayUseCaches || !changes.mayKeep) return;
    const row = Object.fromEntries(keyColumns.map((name, index) => [name, rowKey[index] ?? null]));
    const ofRow = this.#parts.tagging.tags.ofRow(model, row);
    const models = [...seen.models, ...ofRow.models];
    if (!models.every(this.#parts.isCaptured)) return;
    const tags = [...seen.tags, ...ofRow.tags, PURGE_ALL_TAG, coordinatePurgeTag(coordinate)];
    const { clock, jitter } = this.#parts;
    cache.put(
      key,
      createEntry(
        { body, stamp: this.#stamp, tags, models, parts: seen.parts, policy: life },
        { nowMs: clock.nowMs(), jitter, random: Math.random() },
      ),
      coordinate,
    );
  }
}
