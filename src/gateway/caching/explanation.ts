import type { FieldLife } from '../../binding/caching/operation-policies.js';
import type { CachePolicy } from '../../cache/policy/cache-policy.js';
import type { RecordedReads } from '../../reads/tags/read-recorder.js';
import { findAgeSeconds, findTtlSeconds } from './cache-headers.js';
import { type CacheOutcome, nameOutcome } from './cache-outcome.js';
import type { CacheableQuestion } from './questions.js';

/** What the cache had to do with an answer, or with one field at its top. */
export interface Explanation {
  /** `hit`, `stale`, `absent`, `expired`, `void`, `untrusted`, `partial` or `bypass`. */
  readonly outcome: string;
  /** Why nobody looked; null: somebody did. */
  readonly why: string | null;
  /** Where it was found. */
  readonly tier: 'memory' | 'redis' | null;
  readonly ageSeconds: number | null;
  /** Negative once it is past its time. */
  readonly ttlSeconds: number | null;
  /** The change that voided what was kept. */
  readonly voidedBy: string | null;
  /** Why the answer can't be kept, though its policy lets it be. */
  readonly refused: string | null;
  /** Whether what was kept is what was computed now. */
  readonly agrees: boolean | null;
  readonly policy: ExplainedPolicy | null;
  /** Tags of all that was read; null: nobody noted it. */
  readonly tags: readonly string[] | null;
  readonly key: string | null;
}

export interface ExplainedPolicy {
  readonly maxAgeSeconds: number;
  readonly scope: string;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly vary: readonly string[];
  readonly cache: string;
  /** The field with the shortest life, and the first private one. */
  readonly decidedBy: CachePolicy['decidedBy'];
}

/** A selected field. */
export interface ExplainedField extends FieldLife {
  /** As of the answer, or of the field at the top that it stands in. */
  readonly outcome: string;
  /** Its life is that of the whole. */
  readonly decides: boolean;
}

export type WholeExplanation = Explanation & {
  readonly fields: readonly ExplainedField[];
  /** By response key, what is kept of an answer that can't be kept as a whole. */
  readonly pieces: { readonly [responseKey: string]: Explanation };
};

/** What was noted while an operation was answered. */
interface Observed {
  readonly seen: Pick<RecordedReads, 'tags'> | null;
  readonly agrees: boolean | null;
  readonly question: CacheableQuestion | null;
}

/** Of one operation, or of one that is a piece of another. */
export function explainAnswer(
  { seen, agrees, question }: Observed,
  outcome: CacheOutcome,
  nowMs: number,
): Explanation {
  const entry = 'entry' in outcome ? outcome.entry : null;
  return {
    outcome: nameOutcome(outcome),
    why: outcome.kind === 'bypass' || outcome.kind === 'partial' ? outcome.why : null,
    tier: outcome.kind === 'hit' ? outcome.tier : null,
    ageSeconds: entry === null ? null : findAgeSeconds(entry, nowMs),
    ttlSeconds: entry === null ? null : findTtlSeconds(entry, nowMs),
    voidedBy: outcome.kind === 'computed' ? outcome.voidedBy : null,
    refused: outcome.kind === 'computed' ? outcome.refusal : null,
    agrees,
    policy: question === null ? null : explainPolicy(question),
    tags: seen === null ? null : [...seen.tags].sort(),
    key: question?.key ?? null,
  };
}

/** An operation with its fields. */
export function explainOperation(
  caching: Observed,
  outcome: CacheOutcome,
  {
    lives,
    pieces,
    nowMs,
  }: {
    readonly lives: readonly FieldLife[];
    readonly pieces: { readonly [responseKey: string]: Explanation };
    readonly nowMs: number;
  },
): WholeExplanation {
  const whole = explainAnswer(caching, outcome, nowMs);
  const fields = lives.map((life) => {
    const piece = pieces[life.path[0] ?? ''];
    const decidedBy = (piece ?? whole).policy?.decidedBy.maxAge ?? null;
    return {
      ...life,
      outcome: (piece ?? whole).outcome === 'partial' ? 'bypass' : (piece ?? whole).outcome,
      decides: decidedBy === null ? life.maxAgeSeconds === 0 : life.coordinate === decidedBy,
    };
  });
  return { ...whole, fields, pieces };
}

function explainPolicy({ policy }: CacheableQuestion): ExplainedPolicy {
  const { maxAgeSeconds, scope, vary, cache, decidedBy } = policy;
  const { staleWhileRevalidateSeconds, staleIfErrorSeconds } = policy;
  return { maxAgeSeconds, scope, staleWhileRevalidateSeconds, staleIfErrorSeconds, vary, cache, decidedBy };
}
