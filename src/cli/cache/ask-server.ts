import { z } from 'zod';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { CommandContext } from '../command-context.js';

const answerOf = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).optional() }))
    .optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});
export type ServerAnswer = z.infer<typeof answerOf>;

export interface Asking {
  /** Of the API. */
  readonly url: string;
  /** Null: as nobody in particular. */
  readonly token: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Of the API: the one that was named, else that of this machine on the configured port. */
export function findApiUrl({ readConfig }: CommandContext, named: string | null): string {
  return named ?? `http://localhost:${readConfig().http.port}/graphql`;
}

/** Asks a running server's API. @throws SluiceError `SERVICE_MISSING` where nothing answers in GraphQL */
export async function askServer(
  { url, token, headers = {}, timeoutMs }: Asking,
  request: { readonly query: string; readonly operationName?: string; readonly variables?: unknown },
): Promise<ServerAnswer> {
  const response = await send(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...headers,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const parsed = answerOf.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  throw new SluiceError('SERVICE_MISSING', `${url} answers ${response.status}, and not in GraphQL`, {
    hint: 'Is it a Sluice?',
  });
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new SluiceError('SERVICE_MISSING', `Nothing answers at ${url}`, {
      hint: 'npm start serves one; --url names another.',
      cause: error,
    });
  }
}
