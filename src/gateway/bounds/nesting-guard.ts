import { SluiceError } from '../../kernel/sluice-error.js';

/**
 * Brackets within brackets, of any kind, that a document may have. Far above what the depth limit lets
 * through; it keeps the recursion of parsing and validating within the stack.
 */
export const MAX_NESTED_BRACKETS = 400;

/**
 * Scans a document for nesting before anything recursive reads it; strings and comments don't count.
 *
 * @throws SluiceError `GRAPHQL_PARSE_FAILED`
 */
export function refuseDeepNesting(source: string): void {
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    switch (source[at]) {
      case '{':
      case '[':
      case '(':
        depth += 1;
        if (depth > MAX_NESTED_BRACKETS) {
          throw new SluiceError(
            'GRAPHQL_PARSE_FAILED',
            `The document nests more than ${MAX_NESTED_BRACKETS} brackets; at most as many are allowed.`,
          );
        }
        break;
      case '}':
      case ']':
      case ')':
        depth -= 1;
        break;
      case '"':
        at = findStringEnd(source, at);
        break;
      case '#':
        while (at + 1 < source.length && source[at + 1] !== '\n' && source[at + 1] !== '\r') at += 1;
        break;
    }
  }
}

// The place of the string's last character; an unterminated one ends with its line, as for the lexer.
function findStringEnd(source: string, start: number): number {
  if (source.startsWith('"""', start)) {
    let end = source.indexOf('"""', start + 3);
    while (end !== -1 && source[end - 1] === '\\') end = source.indexOf('"""', end + 3);
    return end === -1 ? source.length : end + 2;
  }
  let at = start + 1;
  while (at < source.length && source[at] !== '"' && source[at] !== '\n' && source[at] !== '\r') {
    at += source[at] === '\\' ? 2 : 1;
  }
  return at;
}
