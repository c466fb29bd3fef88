import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { EXPLAIN_HEADER } from '../../gateway/caching/explain-header.js';
import type { WholeExplanation } from '../../gateway/caching/explanation.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { askServer, findApiUrl } from '../cache/ask-server.js';
import { renderExplanation } from '../cache/render-explanation.js';
import type { CommandContext } from '../command-context.js';

export interface ExplainOptions {
  /** With an operation; `-`: standard input. */
  readonly file: string;
  /** JSON. */
  readonly variables: string | null;
  readonly operation: string | null;
  /** Of the server's API. Null: on this machine, on the configured port. */
  readonly url: string | null;
  readonly token: string | null;
}

const TIMEOUT_MS = 30_000;

/**
 * Asks a running server what its cache has to do with an operation.
 *
 * @throws SluiceError `BAD_USER_INPUT`, `SERVICE_MISSING`
 */
export async function explainCache(context: CommandContext, options: ExplainOptions): Promise<void> {
  const { terminal } = context;
  const url = findApiUrl(context, options.url);
  const { file } = options;
  const query = file === '-' ? await text(process.stdin) : await readOperation(resolve(context.root, file));
  const told = await ask(url, query, options);
  terminal.out(renderExplanation(told, terminal.colors));
  terminal.note('');
  terminal.note('Ask again to see whether it was kept. docs/cache.md says what the words mean.');
}

async function ask(
  url: string,
  query: string,
  { variables, operation, token }: ExplainOptions,
): Promise<WholeExplanation> {
  const asking = { url, token, headers: { [EXPLAIN_HEADER]: '1' }, timeoutMs: TIMEOUT_MS };
  const answer = await askServer(asking, {
    query,
    operationName: operation ?? undefined,
    variables: variables === null ? undefined : readVariables(variables),
  });
  const told = answer.extensions?.cache;
  if (typeof told === 'object' && told !== null) return told as WholeExplanation;
  const [error] = answer.errors ?? [];
  if (error !== undefined)
    throw new SluiceError('BAD_USER_INPUT', `The server refuses this: ${error.message}`);
  throw new SluiceError('SERVICE_MISSING', `${url} says nothing about its cache`, {
    hint: 'Is it a Sluice, with SLUICE_CACHE on?',
  });
}

async function readOperation(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SluiceError('BAD_USER_INPUT', `${file} can't be read`, {
      hint: 'Name a file with a GraphQL operation, or - for standard input.',
      cause: error,
    });
  }
}

function readVariables(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new SluiceError('BAD_USER_INPUT', '--variables is no JSON', {
      hint: `Such as --variables '{"first": 3}'`,
      cause: error,
    });
  }
}
