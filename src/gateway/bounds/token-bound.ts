import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';
import { SluiceError } from '../../kernel/sluice-error.js';

/**
 * Refuses a document of more lexical tokens than allowed before it is parsed. graphql-js' parser has the same bound,
 * but no code for it. What is no GraphQL at all is left to the parser.
 *
 * @throws SluiceError `TOKENS_EXCEEDED`
 */
export function refuseManyTokens(source: string, maxTokens: number): void {
  // A token has at least one character.
  if (source.length <= maxTokens) return;
  if (countTokens(source, maxTokens) <= maxTokens) return;
  throw new SluiceError(
    'TOKENS_EXCEEDED',
    `The document has more than ${maxTokens} tokens; at most as many are allowed.`,
  );
}

/** How many tokens there are up to the first fault; counting ends behind `most`. */
function countTokens(source: string, most: number): number {
  const lexer = new Lexer(new Source(source));
  let count = 0;
  try {
    while (count <= most && lexer.advance().kind !== TokenKind.EOF) count += 1;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
  return count;
}
