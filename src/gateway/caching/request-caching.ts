import type { Flight } from '../../cache/responses/flights.js';
import type { LookUp } from '../../cache/responses/response-cache.js';
import type { Position } from '../../changes/position.js';
import type { ReadRecorder, RecordedReads } from '../../reads/tags/read-recorder.js';
import type { KnownRequest, Learn } from '../hit-path/known-requests.js';
import type { AnswerPieces } from './answer-pieces.js';
import type { CacheOutcome } from './cache-outcome.js';
import type { CacheableQuestion } from './questions.js';

/** An answer on its way into the cache. */
export interface Fill {
  readonly question: CacheableQuestion;
  readonly found: LookUp;
  /** A check found what was kept to differ, so nothing is kept. */
  readonly isDistrusted: boolean;
  readonly stamp: Position;
  /** Null: nobody knows at the moment what changes, so nothing is kept. */
  readonly recorder: ReadRecorder | null;
  /** Null: others compute the same, each for themselves. */
  readonly flight: Flight | null;
  /** Lets other nodes go on; does nothing where they needn't wait. */
  release(): void;
}

/**
 * `serve`: what is kept answers. No client waits for the others: `refresh` computes anew what is kept, `check` computes
 * it to compare, `warm` computes what isn't kept.
 */
export type CachingMode = 'serve' | 'refresh' | 'check' | 'warm';

export interface RequestCachingOptions {
  /** Default: `serve`. */
  readonly mode?: CachingMode;
  /** All is computed, and told beside what was found. */
  readonly explains?: boolean;
  /** Null: there is nobody who wants to know. */
  readonly learn?: Learn | null;
}

/** What the cache has to do with one request. Shared by the copies that Apollo Server makes of its context. */
export class RequestCaching {
  outcome: CacheOutcome | null = null;
  /** Its policy doesn't let the answer be kept as a whole; the variables as the operation takes them. */
  divisible: { readonly [name: string]: unknown } | null = null;
  /** Null: nothing of the answer stands alone. */
  pieces: AnswerPieces | null = null;
  /** Null: the answer can't be kept. */
  question: CacheableQuestion | null = null;
  /** Nobody asked, and nobody would be given the answer: it is not to be computed. */
  isUseless = false;
  /** What was seen of the answer's computation, for whoever explains it. */
  seen: RecordedReads | null = null;
  /** Whether what was computed is what was kept; null: nothing was compared. */
  agrees: boolean | null = null;
  readonly mode: CachingMode;
  readonly explains: boolean;
  readonly #learn: Learn | null;
  #fill: Fill | null = null;

  /** @param bypass why nothing may be looked up or kept; null where it may */
  constructor(
    readonly bypass: string | null,
    options: RequestCachingOptions = {},
  ) {
    this.mode = options.mode ?? 'serve';
    this.explains = options.explains ?? false;
    this.#learn = options.learn ?? null;
  }

  /** Nobody waits for it, and nobody is charged. */
  get isBackground(): boolean {
    return this.mode !== 'serve';
  }

  /** The answer is kept, so whoever sends the same request again can be answered sooner. */
  learn(request: KnownRequest): void {
    this.#learn?.(request);
  }

  begin(fill: Fill): void {
    this.#fill = fill;
  }

  /** The fill that was begun, whose end is the caller's from now on. */
  take(): Fill | null {
    const fill = this.#fill;
    this.#fill = null;
    return fill;
  }

  /** However the request ended: nobody waits for it any longer. */
  end(): void {
    const fill = this.take();
    fill?.flight?.land(null);
    fill?.release();
  }
}
