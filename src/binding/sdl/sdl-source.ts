import { type DocumentNode, GraphQLError, parse, Source } from 'graphql';
import type { SchemaFaultList } from './schema-faults.js';

/** One SDL file. `path` is what faults name; `text` its content. */
export interface SdlSource {
  readonly path: string;
  readonly text: string;
}

/** Parses each source; a file that does not parse becomes a fault and is left out. */
export function parseSdl(sources: readonly SdlSource[], faults: SchemaFaultList): DocumentNode {
  const definitions = sources.flatMap((source) => {
    if (source.text.trim() === '') return [];
    try {
      return parse(new Source(source.text, source.path)).definitions;
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      // A file of comments alone is empty, which is no fault of anybody's.
      if (/Unexpected <EOF>/.test(error.message) && /^(\s|#.*)*$/.test(source.text)) return [];
      faults.addGraphQLError(error);
      return [];
    }
  });
  return { kind: 'Document' as DocumentNode['kind'], definitions } as DocumentNode;
}
