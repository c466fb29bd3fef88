/** One statement of a script. */
export interface SqlStatement {
  /** From its first word to before its semicolon. */
  readonly text: string;
  /** The line of the script on which `text` begins, counted from 1. */
  readonly line: number;
  /** Its first words, upper case, comments left out: `['CREATE', 'UNIQUE', 'INDEX']`. */
  readonly words: readonly string[];
}

/** Statements that PostgreSQL refuses in a transaction, and those that begin or end one. */
const NO_TRANSACTION = new RegExp(
  [
    '^(CREATE (UNIQUE )?|DROP |REINDEX (\\w+ )?)INDEX CONCURRENTLY|^REINDEX \\w+ CONCURRENTLY',
    '^(CREATE|DROP|REINDEX) (DATABASE|TABLESPACE|SYSTEM|SUBSCRIPTION)|^ALTER SYSTEM|^VACUUM',
    '^ALTER TABLE .*DETACH PARTITION .*CONCURRENTLY',
    '^(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|ABORT)',
  ]
    .map((pattern) => `(${pattern})\\b`)
    .join('|'),
);

/** Whether a statement can't be run inside a transaction that someone else has begun. */
export function needsNoTransaction(statement: SqlStatement): boolean {
  return NO_TRANSACTION.test(statement.words.join(' '));
}

/** How many words of a statement are kept: enough to tell `CREATE UNIQUE INDEX CONCURRENTLY`. */
const KEPT_WORDS = 8;

/**
 * What can stand in a script, by PostgreSQL's lexical rules: line comment; the start of a block comment;
 * string with backslash escapes; string; quoted name; dollar-quoted string; word; semicolon.
 *
 * A word may hold `$`, so that `a$b$` is no dollar quote.
 */
const TOKEN =
  /--[^\n]*|(?<block>\/\*)|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<end>;)|(?<other>\S)/g;

/**
 * Splits a script at the semicolons that end statements: not those in strings, comments, quoted names,
 * function bodies in dollar quotes or between BEGIN ATOMIC and END.
 *
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export function splitStatements(script: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  const lines = new LineCounter(script);
  let start: number | null = null;
  let words: string[] = [];
  let depth = 0;

  const finish = (end: number): void => {
    if (start !== null) {
      const line = lines.lineAt(start);
      statements.push({ text: script.slice(start, end).trimEnd(), line, words: words.slice(0, KEPT_WORDS) });
    }
    start = null;
    words = [];
    depth = 0;
  };

  const token = new RegExp(TOKEN);
  for (let match = token.exec(script); match !== null; match = token.exec(script)) {
    const { block, dollar, word, end } = match.groups ?? {};
    if (block !== undefined) {
      token.lastIndex = endOfBlockComment(script, match.index);
      continue;
    }
    if (match[0].startsWith('--')) continue;
    if (end !== undefined && depth === 0) {
      finish(match.index);
      continue;
    }
    start ??= match.index;
    if (dollar !== undefined) {
      const close = script.indexOf(dollar, token.lastIndex);
      token.lastIndex = close === -1 ? script.length : close + dollar.length;
    }
    if (word !== undefined) {
      words.push(word.toUpperCase());
      depth += bodyDepthChange(words);
    }
  }
  finish(script.length);
  return statements;
}

/**
 * In a function's body of the SQL standard's form, `BEGIN ATOMIC … END`, semicolons end nothing. A CASE inside
 * has an END of its own. As psql does it.
 */
function bodyDepthChange(words: readonly string[]): number {
  const word = words.at(-1);
  if (words[0] !== 'CREATE' || !words.slice(1, 4).some((w) => w === 'FUNCTION' || w === 'PROCEDURE'))
    return 0;
  if (word === 'ATOMIC') return words.at(-2) === 'BEGIN' ? 1 : 0;
  const isInBody = words.includes('ATOMIC');
  if (!isInBody) return 0;
  if (word === 'CASE') return 1;
  return word === 'END' ? -1 : 0;
}

/** Block comments nest. */
function endOfBlockComment(script: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(script); match !== null; match = edge.exec(script)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return script.length;
}

/** Counts lines up to offsets that only grow. */
class LineCounter {
  private line = 1;
  private offset = 0;

  constructor(private readonly text: string) {}

  lineAt(offset: number): number {
    for (; this.offset < offset; this.offset++) if (this.text[this.offset] === '\n') this.line++;
    return this.line;
  }
}
