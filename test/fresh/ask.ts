import { Agent, type IncomingMessage, request } from 'node:http';
import type { GraphQLAnswer } from './reads.js';

export interface Asked {
  readonly url: string;
  readonly query: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** An answer that is known to the one who asks: it is asked for by GET whether that still holds. */
  readonly known?: KnownAnswer;
}

export interface KnownAnswer {
  readonly etag: string;
  readonly body: GraphQLAnswer;
}

export interface Answered {
  readonly status: number;
  /** The one that was known, where it still holds. */
  readonly body: GraphQLAnswer;
  /** Null: the answer is none to be kept. */
  readonly etag: string | null;
  /** Empty where there is none. */
  readonly cacheStatus: string;
  /** Null: the answer has none. */
  readonly position: string | null;
}

/** A node may be frozen for so long, and a write wait for others as long. */
const TIMEOUT_MS = 60_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One operation over HTTP. Rejects where no whole answer comes. */
export function ask({ url, query, variables, headers, known }: Asked): Promise<Answered> {
  const body = known === undefined ? JSON.stringify({ query, variables }) : '';
  const path = known === undefined ? '' : `?query=${encodeURIComponent(query)}`;
  const own =
    known === undefined
      ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      : { 'if-none-match': known.etag };
  const method = known === undefined ? 'POST' : 'GET';
  return new Promise((resolve, reject) => {
    const asking = request(
      `${url}/graphql${path}`,
      { agent, method, timeout: TIMEOUT_MS, headers: { ...own, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          try {
            resolve(readAnswer(answer, Buffer.concat(chunks).toString(), known));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.on('error', reject);
    asking.end(body);
  });
}

function readAnswer(
  { statusCode = 0, headers }: IncomingMessage,
  text: string,
  known: KnownAnswer | undefined,
): Answered {
  const position = headers['sluice-position'];
  const isKnown = statusCode === 304 && known !== undefined;
  return {
    status: statusCode,
    body: isKnown ? known.body : (JSON.parse(text) as GraphQLAnswer),
    etag: headers.etag ?? null,
    cacheStatus: String(headers['cache-status'] ?? ''),
    position: typeof position === 'string' ? position : null,
  };
}

/** Connections that wait for another question, of which there is none. */
export function hangUp(): void {
  agent.destroy();
}
