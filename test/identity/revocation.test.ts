import { SignJWT } from 'jose';
import { createJwtSecret } from '../../src/identity/development-token.js';
import { tokenRevocationTag } from '../../src/identity/revocation/revocation-tags.js';
import {
  isTokenRevoked,
  revokeToken,
  sweepRevokedTokens,
} from '../../src/identity/revocation/token-revocations.js';
import { startSweeper } from '../../src/identity/sweeper.js';
import { until } from '../embedded/until.js';
import { createUnreachablePool, type EngineDatabase, openEngineDatabase } from './engine-database.js';
import { createReader, type ReaderOptions, thrownBy } from './viewer-readers.js';

const secret = createJwtSecret();
let database: EngineDatabase;
beforeAll(async () => {
  database = await openEngineDatabase();
});
afterAll(() => database.close());

const sign = (jti?: string) => {
  const token = new SignJWT({ sub: 'u1', exp: Math.floor(Date.now() / 1000) + 3600 });
  if (jti !== undefined) token.setJti(jti);
  return token.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
};
const open = (options: ReaderOptions = {}) =>
  createReader({ SLUICE_IDENTITY_JWT_SECRET: secret }, { storage: database.pool, ...options });
const lookUps = () =>
  database.statements.filter((each) => each.includes('FROM sluice.revoked_tokens')).length;
const REVOKED = { code: 'UNAUTHENTICATED', message: 'The token has been revoked' };

describe('A revoked token', () => {
  it('is refused, and the change log is told in the same transaction', async () => {
    const authorization = `Bearer ${await sign('a|b%,"')}`;
    await open().readViewer({ authorization });
    await database.pool.query('DELETE FROM sluice.outbox');
    await revokeToken(database.pool, { jti: 'a|b%,"', expiresAt: null });
    const { rows } = await database.pool.query('SELECT tags FROM sluice.outbox');
    expect(rows).toEqual([{ tags: [tokenRevocationTag('a|b%,"')] }]);
    expect(rows[0].tags[0]).toMatch(/^sluice\.revoked:[0-9a-f]{32}$/);
    expect(await thrownBy(() => open().readViewer({ authorization }))).toMatchObject(REVOKED);
  });

  it('can not be looked for where the database does not answer, and is not believed then', async () => {
    const storage = createUnreachablePool();
    const authorization = `Bearer ${await sign('some')}`;
    expect(await thrownBy(() => open({ storage }).readViewer({ authorization }))).toMatchObject({
      code: 'IDENTITY_UNAVAILABLE',
    });
  });

  it('is one with a jti: without one nothing is asked', async () => {
    const reader = open();
    const before = lookUps();
    const authorization = `Bearer ${await sign()}`;
    const viewer = await reader.readViewer({ authorization });
    expect(reader.readViewer({ authorization })).toBe(viewer);
    expect(lookUps()).toBe(before);
  });

  it('may have a jti of sensible length only', async () => {
    for (const jti of ['', 'x'.repeat(257)])
      expect(
        await thrownBy(async () => open().readViewer({ authorization: `Bearer ${await sign(jti)}` })),
      ).toMatchObject({
        message: 'The token\'s claim "jti" does not hold',
      });
  });
});

describe('A token that is remembered', () => {
  it('is looked for again after a short time where nobody follows changes', async () => {
    const clock = { ms: Date.now(), nowMs: () => clock.ms };
    const reader = open({ clock });
    const authorization = `Bearer ${await sign('unfollowed')}`;
    await reader.readViewer({ authorization });
    const before = lookUps();
    await revokeToken(database.pool, { jti: 'unfollowed', expiresAt: null });
    clock.ms += 4_999;
    expect(await reader.readViewer({ authorization })).toMatchObject({ id: 'u1' });
    expect(lookUps()).toBe(before);
    clock.ms += 1;
    expect(await thrownBy(() => reader.readViewer({ authorization }))).toMatchObject(REVOKED);
  });

  it('is used without asking while changes are followed, and not once the log tells of it', async () => {
    const clock = { ms: Date.now(), nowMs: () => clock.ms };
    const changes = {
      position: { epoch: 'e', id: 1 },
      isTrusted: () => state.isTrusted,
      ensureTrusted: async () => state.isTrusted,
      isValid: () => state.isValid,
    };
    const state = { isTrusted: true, isValid: true };
    const reader = open({ clock, changes });
    const authorization = `Bearer ${await sign('followed')}`;
    const viewer = await reader.readViewer({ authorization });
    const before = lookUps();
    clock.ms += 600_000;
    expect(reader.readViewer({ authorization })).toBe(viewer);
    expect(lookUps()).toBe(before);
    // Whether or not anything else is known.
    for (const isTrusted of [true, false]) {
      Object.assign(state, { isTrusted, isValid: false });
      await reader.readViewer({ authorization });
    }
    expect(lookUps() - before).toBe(2);
    Object.assign(state, { isTrusted: false, isValid: true });
    await reader.readViewer({ authorization });
    expect(lookUps() - before).toBe(2);
    clock.ms += 5_000;
    await reader.readViewer({ authorization });
    expect(lookUps() - before).toBe(3);
  });

  it('is looked for once by all who ask at a time', async () => {
    const reader = open();
    const authorization = `Bearer ${await sign('shared')}`;
    const before = lookUps();
    await Promise.all(Array.from({ length: 20 }, () => reader.readViewer({ authorization })));
    expect(lookUps() - before).toBe(1);
  });
});

describe('Revocations', () => {
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

  it('are swept away some time after their token has expired, and never before', async () => {
    await revokeToken(database.pool, { jti: 'long expired', expiresAt: inMinutes(-5) });
    await revokeToken(database.pool, { jti: 'just expired', expiresAt: inMinutes(-0.1) });
    await revokeToken(database.pool, { jti: 'of unknown expiry', expiresAt: null });
    expect(await sweepRevokedTokens(database.pool)).toBe(1);
    expect(await isTokenRevoked(database.pool, 'long expired')).toBe(false);
    expect(await isTokenRevoked(database.pool, 'just expired')).toBe(true);
    expect(await isTokenRevoked(database.pool, 'of unknown expiry')).toBe(true);
  });

  it('keep the later expiry where they come twice', async () => {
    for (const [first, second] of [
      [null, inMinutes(-5)],
      [inMinutes(-5), null],
      [inMinutes(60), inMinutes(-5)],
      [inMinutes(-5), inMinutes(60)],
    ]) {
      await revokeToken(database.pool, { jti: 'twice', expiresAt: first ?? null });
      await revokeToken(database.pool, { jti: 'twice', expiresAt: second ?? null });
      await sweepRevokedTokens(database.pool);
      expect(await isTokenRevoked(database.pool, 'twice')).toBe(true);
      await database.pool.query("DELETE FROM sluice.revoked_tokens WHERE jti = 'twice'");
    }
  });
});

describe('A sweeper', () => {
  it('sweeps at once and again, never twice at a time, and goes on after a failure', async () => {
    let [running, most, sweeps] = [0, 0, 0];
    const failures: unknown[] = [];
    const sweeper = startSweeper({
      intervalMs: 1,
      async sweep() {
        running += 1;
        most = Math.max(most, running);
        sweeps += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        if (sweeps === 1) throw new Error('away');
      },
      onFailure: (error) => failures.push(error),
    });
    expect(sweeps).toBe(1);
    await until('three sweeps', () => sweeps >= 3);
    await sweeper.close();
    expect([running, most, failures.length]).toEqual([0, 1, 1]);
  });
});
