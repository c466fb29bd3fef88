import type { FormattedExecutionResult } from 'graphql';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import { tightenPolicy } from '../../cache/policy/cache-policy.js';
import { coordinatePurgeTag, PURGE_ALL_TAG, typePurgeTag } from '../../cache/purging/purge-tags.js';
import { type ComputedAnswer, createEntry } from '../../cache/responses/create-entry.js';
import type { Freshness } from '../../cache/responses/judge-entry.js';
import type { LookUp } from '../../cache/responses/response-cache.js';
import type { Clock } from '../../kernel/clock.js';
import type { RecordedReads } from '../../reads/tags/read-recorder.js';
import type { GatewayContext } from '../gateway-context.js';
import { encodeBody } from './encoded-data.js';
import { judgeReads } from './judge-reads.js';
import type { Fill } from './request-caching.js';

export interface AnswerKeeperParts {
  readonly changes: Freshness;
  readonly clock: Clock;
  /** Of an entry's life, that chance may take off: 0.1 is a tenth. */
  readonly jitter: number;
  /** An operation whose answers can't be kept, whatever its policy says. */
  readonly onRefused: (operation: string) => void;
}

/** What is served in the place of what was computed. */
export interface Kept {
  readonly body: string;
  /** It was kept before, and stands in for an error. */
  readonly isSpare: boolean;
}

const DATABASE_FAILURES: ReadonlySet<unknown> = new Set(['DATABASE_UNAVAILABLE', 'TIMEOUT']);

/** Decides what becomes of computed answers: kept, refused, or replaced by a kept one where PostgreSQL can't be read. */
export class AnswerKeeper {
  readonly #parts: AnswerKeeperParts;

  constructor(parts: AnswerKeeperParts) {
    this.#parts = parts;
  }

  /** What is to be served in place of the result; null: the result itself. */
  finish(context: GatewayContext, result: FormattedExecutionResult, fill: Fill): Kept | null {
    if (fill.found.kind === 'hit') return this.#compare(context, result, fill, fill.found);
    const spare = this.#findSpare(context, result, fill.found);
    if (spare !== null) {
      fill.release();
      context.caching.outcome = { kind: 'stale-if-error', entry: spare };
      return { body: spare.body.toString(), isSpare: true };
    }
    const kept = this.#keep(context, result, fill);
    // Not before: who waits for it on another node would find neither the entry nor anyone who computes it.
    void kept.shared.then(fill.release);
    const { found } = fill;
    context.caching.outcome = {
      kind: 'computed',
      reason: found.kind === 'miss' ? found.reason : 'expired',
      voidedBy: found.voidedBy,
      entry: kept.entry,
      refusal: kept.refusal,
    };
    return kept.body === null ? null : { body: kept.body, isSpare: false };
  }

  /** What was kept is kept on; that it isn't what was computed is for others to judge. */
  #compare(
    { caching }: GatewayContext,
    result: FormattedExecutionResult,
    { recorder, release }: Fill,
    { entry, tier, isStale }: Extract<LookUp, { kind: 'hit' }>,
  ): Kept | null {
    release();
    const body = isWhole(result) ? encodeBody(result.data) : null;
    caching.seen = recorder?.finish() ?? null;
    caching.agrees = body === null ? null : entry.body.equals(Buffer.from(body));
    caching.outcome = { kind: 'hit', entry, tier, isStale };
    return body === null ? null : { body, isSpare: false };
  }

  #keep(context: GatewayContext, result: FormattedExecutionResult, fill: Fill) {
    const { recorder } = fill;
    if (recorder === null) return refuse('changes are not known', null);
    const body = isWhole(result) ? encodeBody(result.data) : null;
    if (body === null) return refuse('it has errors', null);
    if (fill.isDistrusted) return refuse('what was kept differed from what was computed', body);
    if (!context.changes.mayKeep) return refuse('something was written', body);
    const answer = this.#describe(context, fill, recorder.finish(), Buffer.from(body));
    if (typeof answer === 'string') {
      this.#parts.onRefused(fill.question.operation);
      return refuse(answer, body);
    }
    const untold = answer.models.find((model) => !this.#parts.changes.isCaptured(model));
    // May be otherwise at the next look at the database.
    if (untold !== undefined) return refuse(`changes of ${untold} are not captured`, body);
    const { clock, jitter } = this.#parts;
    if (answer.parts.some(({ stamp }) => stamp.epoch !== answer.stamp.epoch))
      return refuse('a part of it is of another epoch', body);
    const entry = createEntry(answer, { nowMs: clock.nowMs(), jitter, random: Math.random() });
    const { cache, key, group } = fill.question;
    const put = cache.put(key, entry, group);
    fill.flight?.land(entry);
    if (put === null) return refuse('it is larger than an entry may be', body);
    return { entry, refusal: null, body, shared: put.shared };
  }

  /** The answer with all that it depends on; or why that isn't known. */
  #describe(
    { caching }: GatewayContext,
    { question, stamp }: Fill,
    seen: RecordedReads,
    body: Buffer,
  ): ComputedAnswer | string {
    if (caching.explains) caching.seen = seen;
    const policy = judgeReads(seen, question.policy);
    if (typeof policy === 'string') return policy;
    const ceiling = question.cache.maxAgeSeconds;
    const tags = [
      ...seen.tags,
      PURGE_ALL_TAG,
      ...question.coordinates.map(coordinatePurgeTag),
      ...question.typeNames.map(typePurgeTag),
    ];
    return {
      body,
      stamp,
      tags,
      models: seen.models,
      parts: seen.parts,
      policy: ceiling === null ? policy : tightenPolicy(policy, { maxAgeSeconds: ceiling }),
    };
  }

  /** FRESHNESS, rule 16. */
  #findSpare(
    context: GatewayContext,
    { errors }: FormattedExecutionResult,
    found: LookUp,
  ): CacheEntry | null {
    const spare = found.kind === 'miss' ? found.spare : null;
    const { changes, clock } = this.#parts;
    if (spare === null || !context.changes.mayUseCaches || !changes.mayServeStale) return null;
    if (errors?.some(({ extensions }) => DATABASE_FAILURES.has(extensions?.code)) !== true) return null;
    const ageMs = clock.nowMs() - spare.storedAtMs;
    // Once more: what has become known meanwhile counts.
    const holds = changes.isValid(spare.stamp, spare.tagHashes, spare.modelHashes);
    return holds && ageMs <= spare.freshMs + spare.staleIfErrorMs ? spare : null;
  }
}

function isWhole({ data, errors }: FormattedExecutionResult): boolean {
  return data !== null && data !== undefined && errors === undefined;
}

function refuse(refusal: string, body: string | null) {
  return { entry: null, refusal, body, shared: Promise.resolve() };
}
