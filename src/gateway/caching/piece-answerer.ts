import type { DocumentNode, FormattedExecutionResult } from 'graphql';
import type { OperationParts, SplitOperation } from '../../binding/caching/operation-parts.js';
import type { GatewayContext } from '../gateway-context.js';
import type { GatewayContexts } from '../gateway-contexts.js';
import type { AnswerPieces } from './answer-pieces.js';
import type { CacheOutcome } from './cache-outcome.js';
import { encodeBody } from './encoded-data.js';
import { type Explanation, explainAnswer } from './explanation.js';
import type { CacheableQuestion } from './questions.js';
import type { ResponseCaching } from './response-caching.js';

type Variables = { readonly [name: string]: unknown };

export interface PieceAnswererParts {
  readonly operations: OperationParts;
  readonly caching: ResponseCaching;
  /** Of a query that was validated as part of a larger one. */
  readonly execute: (
    document: DocumentNode,
    variables: Variables,
    context: GatewayContext,
  ) => Promise<FormattedExecutionResult>;
  readonly contexts: Pick<GatewayContexts, 'createPiece' | 'createBackground'>;
}

interface Piece {
  readonly responseKey: string;
  readonly fieldName: string;
  readonly document: DocumentNode;
  readonly variables: Variables;
  readonly question: CacheableQuestion;
}

/** An operation whose answer can't be kept as a whole; its fields at the top are kept where they can be. */
export interface DividedOperation {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  /** As its client gave them. */
  readonly variables: Variables;
  /** As the operation takes them. */
  readonly coerced: Variables;
  readonly context: GatewayContext;
}

/**
 * Answers those fields at the top of an operation from the cache that have a life of their own. Each is asked as a query
 * of its own would be, so it shares entries, flights and leases with those.
 */
export class PieceAnswerer {
  readonly #parts: PieceAnswererParts;

  constructor(parts: PieceAnswererParts) {
    this.#parts = parts;
  }

  /** Null: no field of it can be kept, or all of them had errors. */
  async answer(divided: DividedOperation): Promise<AnswerPieces | null> {
    const { document, operationName, coerced, context } = divided;
    const split = this.#parts.operations.find(document, operationName);
    if (split === null) return null;
    const keys = split.listKeys(coerced);
    const pieces = keys.flatMap((key) => this.#findPiece(split, key, divided) ?? []);
    // A whole operation that is too large to be looked through may consist of pieces that aren't.
    if (pieces.length === 0 || pieces.length === keys.length) return null;
    const answers = await Promise.all(pieces.map((piece) => this.#answerPiece(piece, context)));
    const texts = new Map<string, string>();
    const outcomes = new Map<string, CacheOutcome>();
    const explanations: Record<string, Explanation> = {};
    for (const [index, { responseKey }] of pieces.entries()) {
      const answered = answers[index] ?? null;
      if (answered === null) continue;
      texts.set(responseKey, answered.text);
      outcomes.set(responseKey, answered.outcome);
      if (answered.explanation !== null) explanations[responseKey] = answered.explanation;
    }
    if (texts.size === 0) return null;
    return {
      whole: document,
      keys,
      texts,
      outcomes,
      explanations,
      rest: split.without(new Set(texts.keys())),
    };
  }

  #findPiece(
    split: SplitOperation,
    responseKey: string,
    { variables, context }: DividedOperation,
  ): Piece | null {
    const { document, fieldName } = split.alone(responseKey);
    const question = this.#parts.caching.ask(document, null, variables, context);
    return question.kind === 'cacheable' ? { responseKey, fieldName, document, variables, question } : null;
  }

  /** Null: it has errors, which are told where they can be told as errors of the whole. */
  async #answerPiece(piece: Piece, context: GatewayContext) {
    const own = this.#parts.contexts.createPiece(context);
    try {
      const body = await this.#find(piece, own);
      const outcome = own.caching.outcome;
      if (body === null || outcome === null) return null;
      this.#parts.caching.note(own, outcome, null);
      const explanation = own.caching.explains
        ? explainAnswer({ ...own.caching, question: piece.question }, outcome, this.#parts.caching.nowMs())
        : null;
      return { text: cutOut(body, piece.fieldName), outcome, explanation };
    } finally {
      own.end();
    }
  }

  async #find(piece: Piece, context: GatewayContext): Promise<string | null> {
    const { caching } = this.#parts;
    const entry = await caching.findAnswer(context, piece.question, (mode) =>
      this.#recompute(piece, context, mode),
    );
    return entry === null ? this.#compute(piece, context) : entry.body.toString();
  }

  async #compute({ document, variables }: Piece, context: GatewayContext): Promise<string | null> {
    const result = await this.#parts.execute(document, variables, context);
    const kept = this.#parts.caching.finish(context, result);
    if (kept !== null) return kept.body;
    return result.errors === undefined ? encodeBody(result.data) : null;
  }

  async #recompute(piece: Piece, context: GatewayContext, mode: 'refresh' | 'check'): Promise<void> {
    const own = this.#parts.contexts.createBackground(context, mode);
    try {
      await this.#find(piece, own);
    } finally {
      own.end();
    }
  }
}

/** The field's own JSON out of `{"data":{"name":…}}`. */
function cutOut(body: string, fieldName: string): string {
  return body.slice(`{"data":{"${fieldName}":`.length, -'}}'.length);
}
