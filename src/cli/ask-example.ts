import type { ExampleQuery } from '../gateway/app-definition.js';

/** An example as a command to paste, and what it really answers. */
export interface AskedExample {
  readonly curl: string;
  readonly answer: string;
}

const ASK_TIMEOUT_MS = 5_000;
const MAX_ANSWER_CHARACTERS = 1_500;

/** Performs an example over HTTP, just as the command does that people will paste. */
export async function askExample(url: string, example: ExampleQuery): Promise<AskedExample> {
  const body = JSON.stringify({
    query: compactQuery(example.query),
    ...(example.variables !== undefined && { variables: example.variables }),
  });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  });
  const text = await response.text();
  return { curl: toCurl(url, body), answer: shorten(text.trim()) };
}

/** The same query on one line. Texts in quotes stay as they are. */
function compactQuery(query: string): string {
  return query
    .split(/("""[\s\S]*?"""|"(?:\\.|[^"\\\n])*")/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/#[^\n]*/g, '').replaceAll(/\s+/g, ' ')))
    .join('')
    .trim();
}

function toCurl(url: string, body: string): string {
  // In a shell's single quotes only the single quote itself has a meaning.
  const quoted = body.replaceAll("'", `'\\''`);
  return `curl -s ${url} -H 'content-type: application/json' -d '${quoted}'`;
}

function shorten(text: string): string {
  return text.length > MAX_ANSWER_CHARACTERS ? `${text.slice(0, MAX_ANSWER_CHARACTERS)} …` : text;
}
