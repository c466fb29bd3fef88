import type { DocumentNode } from 'graphql';
import type { CacheOutcome } from './cache-outcome.js';
import { EncodedData } from './encoded-data.js';
import type { Explanation } from './explanation.js';

/** Pieces of an answer that need not be computed with the rest of it. */
export interface AnswerPieces {
  readonly whole: DocumentNode;
  /** What is left of the operation. */
  readonly rest: DocumentNode;
  /** Of the whole answer, in its order. */
  readonly keys: readonly string[];
  /** JSON by response key. */
  readonly texts: ReadonlyMap<string, string>;
  readonly outcomes: ReadonlyMap<string, CacheOutcome>;
  /** By response key; empty where nobody asked. */
  readonly explanations: { readonly [responseKey: string]: Explanation };
}

/** The answer to the rest, with the pieces in their places. Null: there is no data to put them into. */
export function putTogether(data: unknown, { keys, texts }: AnswerPieces): EncodedData | null {
  if (typeof data !== 'object' || data === null) return null;
  const values = data as { readonly [key: string]: unknown };
  const fields = keys.flatMap((key) => {
    const text = texts.get(key) ?? (key in values ? JSON.stringify(values[key]) : undefined);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return new EncodedData(`{"data":{${fields.join()}}}`);
}
