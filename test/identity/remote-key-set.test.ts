import { until } from '../embedded/until.js';
import {
  createSigningKey,
  type KeySetServer,
  type SigningKey,
  signWith,
  startKeySetServer,
} from './key-set-server.js';
import { createReader, thrownBy } from './viewer-readers.js';

const one = createSigningKey('one');
const two = createSigningKey('two');

let server: KeySetServer;
let clock: { ms: number; nowMs(): number };
beforeEach(async () => {
  server = await startKeySetServer([one]);
  // The cooldown for unknown keys goes by the system's clock.
  clock = { ms: Date.now(), nowMs: () => clock.ms };
});
afterEach(() => server.close());

function openReader(env: Record<string, string> = {}) {
  const failures: unknown[] = [];
  const reader = createReader(
    {
      SLUICE_IDENTITY_JWT_ALGORITHM: 'ES256',
      SLUICE_IDENTITY_JWKS_URL: server.url,
      SLUICE_IDENTITY_JWKS_TIMEOUT_MS: '2000',
      SLUICE_IDENTITY_JWKS_REFRESH_SECONDS: '60',
      ...env,
    },
    { clock, onKeySetFailure: (error) => failures.push(error) },
  );
  const readToken = async (token: string) => reader.readViewer({ authorization: `Bearer ${token}` });
  return {
    failures,
    readToken,
    read: async (key: SigningKey) => readToken(await signWith(key, clock.ms)),
  };
}
const UNAVAILABLE = {
  code: 'IDENTITY_UNAVAILABLE',
  message: expect.stringContaining('could not be fetched'),
};

describe('Keys at a URL', () => {
  it('are fetched once for all who ask at a time, and kept', async () => {
    const { read } = openReader();
    expect(await Promise.all([read(one), read(one)])).toMatchObject([{ id: 'u1' }, { id: 'u1' }]);
    clock.ms += 1;
    await read(one);
    expect(server.requests).toBe(1);
  });

  it('are fetched again when they are old, while the old ones serve on', async () => {
    const { read } = openReader();
    await read(one);
    server.keys = [one, two];
    clock.ms += 60_000;
    await read(one);
    await until('the keys to be fetched again', () => server.requests === 2);
    await until('the new key to be known', async () => (await read(two).catch(() => null)) !== null);
    expect(server.requests).toBe(2);
  });

  it('that are gone from the set hold no longer, nor does what was verified by them', async () => {
    const { read, readToken } = openReader();
    const token = await signWith(one, clock.ms);
    const viewer = await readToken(token);
    expect(await readToken(token)).toBe(viewer);
    server.keys = [two];
    clock.ms += 60_000;
    // What is known needs no key, so it takes another token to look for newer ones.
    await read(one).catch(() => null);
    await until('the other key to be known', async () => (await read(two).catch(() => null)) !== null);
    expect(await thrownBy(() => readToken(token))).toMatchObject({ message: 'The token is not valid' });
  });

  it('are not fetched for each token that names an unknown one', async () => {
    const { read } = openReader();
    await read(one);
    for (let index = 0; index < 20; index++) {
      const forged = createSigningKey(`../../${index}`);
      expect(await thrownBy(() => read(forged))).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(server.requests).toBe(1);
  });
});

describe('A token that names no key', () => {
  const unnamed = (key: SigningKey) => signWith({ ...key, kid: undefined as never }, clock.ms);

  it('is checked with the only one that fits, and refused where it could be one of several', async () => {
    const { readToken } = openReader();
    expect(await readToken(await unnamed(one))).toMatchObject({ id: 'u1' });
    server.keys = [one, two];
    const several = openReader();
    expect(await thrownBy(async () => several.readToken(await unnamed(one)))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});

describe('A server of keys that is away', () => {
  it('leaves known keys as good as they were, however old', async () => {
    const { read, failures } = openReader();
    await read(one);
    server.answer = (response) => response.destroy();
    for (const hours of [1, 24, 24 * 30]) {
      clock.ms += hours * 3_600_000;
      expect(await read(one)).toMatchObject({ id: 'u1' });
    }
    await until('the failure to be told', () => failures.length > 0);
  });

  it('is no reason to call a token wrong, and is not asked again by everyone', async () => {
    const { read, failures } = openReader();
    server.answer = (response) => response.destroy();
    for (let index = 0; index < 5; index++)
      expect(await thrownBy(() => read(one))).toMatchObject(UNAVAILABLE);
    // A connection that is cut is tried once more by the client itself.
    expect(failures).toHaveLength(1);
    server.answer = null;
    clock.ms += 5_000;
    expect(await read(one)).toMatchObject({ id: 'u1' });
  });

  it('is one that does not answer in time, or with something else than keys', async () => {
    for (const answer of [
      () => undefined,
      (response) => response.writeHead(500).end('{}'),
      (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
      (response) => response.end('<html>'),
      (response) => response.end('null'),
      (response) => response.end('{"keys":[1]}'),
      (response) => response.end(`{"keys":[],"x":"${'x'.repeat(1024 * 1024)}"}`),
    ] satisfies KeySetServer['answer'][]) {
      const { read, failures } = openReader({ SLUICE_IDENTITY_JWKS_TIMEOUT_MS: '500' });
      server.answer = answer;
      expect(await thrownBy(() => read(one))).toMatchObject(UNAVAILABLE);
      expect(failures).toHaveLength(1);
    }
  });
});
