import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';

/** A key whose public half a set may hold. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export function createSigningKey(kid: string): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

/** A token for `u1`, good for an hour from `nowMs`. */
export function signWith({ kid, privateKey }: SigningKey, nowMs: number): Promise<string> {
  return new SignJWT({ sub: 'u1', exp: Math.floor(nowMs / 1000) + 3600 })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(privateKey);
}

/** Serves keys over HTTP, or whatever a test wants in their place. */
export interface KeySetServer {
  readonly url: string;
  requests: number;
  keys: readonly SigningKey[];
  /** Answers in the place of the keys; null: the keys. */
  answer: ((response: ServerResponse) => void) | null;
  close(): Promise<void>;
}

export async function startKeySetServer(keys: readonly SigningKey[]): Promise<KeySetServer> {
  const server = createServer((_request, response) => {
    running.requests += 1;
    if (running.answer !== null) return running.answer(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: running.keys.map(({ jwk }) => jwk) }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const running: KeySetServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    requests: 0,
    keys,
    answer: null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}
