/**
 * Where automatic persisted queries are kept: documents by the sha256 of their text in hex. What is kept may
 * be forgotten at any time; the client then sends the document again.
 */
export interface PersistedQueryStore {
  /** Undefined where the hash is unknown. Rejects only where the store itself can't be asked. */
  findQuery(hash: string): Promise<string | undefined>;
  /** Keeps a document for the store's life, counted from now. One that is too long is not kept. */
  saveQuery(hash: string, query: string): Promise<void>;
}

/** Longer documents are sent in full each time; with `MAX_QUERIES` this bounds a store at some 160 MB. */
export const MAX_QUERY_BYTES = 32_768;
/** The documents registered longest ago make room for more. */
export const MAX_QUERIES = 5000;

/** Whether a hash has the form of one: what else clients send never becomes part of a key. */
export function isQueryHash(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
