import { SignJWT } from 'jose';
import { issueApiKey, revokeApiKey } from '../../../src/identity/api-keys/api-key-store.js';
import { createJwtSecret } from '../../../src/identity/development-token.js';
import { revokeToken } from '../../../src/identity/revocation/token-revocations.js';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { type FollowedZoo, openFollowedZoo, type ZooNode } from '../changes/followed-zoo.js';

const secret = createJwtSecret();
const ENV = {
  SLUICE_IDENTITY_JWT_SECRET: secret,
  // So that nothing but the change log can tell a node of a revocation.
  SLUICE_IDENTITY_RECHECK_MS: '60000',
};

let zoo: FollowedZoo;
let nodes: readonly ZooNode[];
beforeAll(async () => {
  zoo = await openFollowedZoo();
  nodes = await Promise.all([zoo.openNode(testRedisUrl(), ENV), zoo.openNode(testRedisUrl(), ENV)]);
});
afterAll(() => zoo.close());

const QUERY = '{ name(id: 1) }';
const statusesOf = (headers: Record<string, string>) =>
  Promise.all(nodes.map(async (node) => (await node.ask(QUERY, { headers })).status));
const signed = async (jti: string) => {
  const token = new SignJWT({ sub: 'u1', exp: Math.floor(Date.now() / 1000) + 3600 });
  token.setJti(jti).setProtectedHeader({ alg: 'HS256' });
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(secret))}` };
};

describe('A revocation', () => {
  it('of a token reaches every node through the change log, and no other token', async () => {
    const [revoked, kept] = [await signed('revoked'), await signed('kept')];
    expect([await statusesOf(revoked), await statusesOf(kept)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    await revokeToken(zoo.client, { jti: 'revoked', expiresAt: null });
    await until('both nodes to know', async () =>
      (await statusesOf(revoked)).every((status) => status === 401),
    );
    expect(await statusesOf(kept)).toEqual([200, 200]);
  });

  it('is known to a node that nobody has asked for some time before it answers the next request', async () => {
    let attempt = 0;
    // A busy machine may be too slow to look at the log in time; without the look it would never be the first request.
    await until('the first request to be refused', async () => {
      attempt += 1;
      const jti = `idle ${attempt}`;
      const headers = await signed(jti);
      expect(await statusesOf(headers)).toEqual([200, 200]);
      // Without requests nobody follows the log.
      await until('both nodes to fall behind', async () => {
        const states = await Promise.all(nodes.map(({ changes }) => changes.readStatus()));
        return states.every(({ fault }) => fault !== null);
      });
      await revokeToken(zoo.client, { jti, expiresAt: null });
      return (await statusesOf(headers)).every((status) => status === 401);
    });
  });

  it('of a key reaches every node through the change log', async () => {
    const grant = { name: 'test', viewerId: 'robot', tier: 'premium', scopes: [], expiresAt: null };
    const key = await issueApiKey(zoo.client, grant);
    expect(await statusesOf({ 'sluice-key': key })).toEqual([200, 200]);
    await revokeApiKey(zoo.client, key.slice(0, 12));
    await until('both nodes to know', async () =>
      (await statusesOf({ 'sluice-key': key })).every((status) => status === 401),
    );
  });
});
