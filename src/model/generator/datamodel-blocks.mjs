// What Prisma's DMMF leaves out and only the datamodel's text says: which blocks are views, and in which
// PostgreSQL schema an enum lives.

// Strings, comments and the rest, one token at a time, so that a brace in a comment or a default is none.
const TOKEN = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|@@?[A-Za-z_][\w.]*|[A-Za-z_][\w-]*|\S/g;

/**
 * The top-level blocks of a Prisma schema by name.
 * @param {string} datamodel
 * @returns {Map<string, { keyword: string, schema: string | null }>}
 */
export function readDatamodelBlocks(datamodel) {
  const tokens = (datamodel.match(TOKEN) ?? []).filter(
    (token) => !token.startsWith('//') && !token.startsWith('/*'),
  );
  const blocks = new Map();
  let depth = 0;
  let block = null;
  for (const [i, token] of tokens.entries()) {
    if (token === '{') {
      if (depth === 0) {
        block = { keyword: tokens[i - 2], schema: null };
        blocks.set(tokens[i - 1], block);
      }
      depth++;
    } else if (token === '}') {
      depth--;
    } else if (token === '@@schema' && block !== null) {
      block.schema = JSON.parse(tokens.slice(i + 1, i + 5).find((next) => next.startsWith('"')) ?? 'null');
    }
  }
  return blocks;
}
