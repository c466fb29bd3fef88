import type { CacheDemo } from '../../gateway/app-definition.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/** An answer, and the command that asks for it. */
export interface DemoAnswer {
  readonly curl: string;
  readonly cacheStatus: string;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;

/** Asks as the command does that people can paste. @throws SluiceError `SERVICE_MISSING` */
export async function askDemo(url: string, { query }: CacheDemo): Promise<DemoAnswer> {
  const sent = JSON.stringify({ query: query.replaceAll(/\s+/g, ' ').trim() });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: sent,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const body = await response.text();
  const cacheStatus = response.headers.get('cache-status');
  if (cacheStatus === null || body.includes('"errors"')) {
    throw new SluiceError('SERVICE_MISSING', `${url} does not answer as this demonstration needs: ${body}`);
  }
  const curl = `curl -si ${url} -H 'content-type: application/json' -d '${sent.replaceAll("'", `'\\''`)}'`;
  return { curl, cacheStatus, body };
}
