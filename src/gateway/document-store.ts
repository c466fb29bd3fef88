import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { BoundedCache } from '../kernel/bounded-cache.js';

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

const MAX_DOCUMENTS = 2000;
/** Of source text. A parsed document takes some thirty times its source's length: 60 MB at the worst. */
const MAX_SOURCE_CHARACTERS = 2_000_000;

/** Documents that were parsed and found valid, so that a repeated query costs neither. */
export function createDocumentStore(): DocumentStore {
  const documents = new BoundedCache<DocumentNode>({
    maxEntries: MAX_DOCUMENTS,
    maxWeight: MAX_SOURCE_CHARACTERS,
  });
  return {
    async get(key) {
      return documents.get(key);
    },
    async set(key, document) {
      documents.set(key, document, { weight: document.loc?.end ?? Number.POSITIVE_INFINITY, ttlMs: null });
    },
    async delete(key) {
      return documents.delete(key);
    },
  };
}
