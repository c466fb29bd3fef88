import { Agent, request } from 'node:http';
import type { GraphQLAnswer } from './reads.js';

export interface Asked {
  readonly url: string;
  readonly query: string;
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly body: GraphQLAnswer;
  /** Empty where there is none. */
  readonly cacheStatus: string;
  /** Null: the answer has none. */
  readonly position: string | null;
}

/** A node may be frozen for so long, and a write wait for others as long. */
const TIMEOUT_MS = 60_000;

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One operation over HTTP. Rejects where no whole answer comes. */
export function ask({ url, query, variables, headers }: Asked): Promise<Answered> {
  const body = JSON.stringify({ query, variables });
  return new Promise((resolve, reject) => {
    const asking = request(
      `${url}/graphql`,
      {
        agent,
        method: 'POST',
        timeout: TIMEOUT_MS,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          try {
            const position = answer.headers['sluice-position'];
            resolve({
              status: answer.statusCode ?? 0,
              body: JSON.parse(Buffer.concat(chunks).toString()) as GraphQLAnswer,
              cacheStatus: String(answer.headers['cache-status'] ?? ''),
              position: typeof position === 'string' ? position : null,
            });
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

/** Connections that wait for another question, of which there is none. */
export function hangUp(): void {
  agent.destroy();
}
