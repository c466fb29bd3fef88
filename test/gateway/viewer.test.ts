import { signDevelopmentToken } from '../../src/identity/development-token.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

const SECRET = 'a secret that only this test knows, of 48 characters';
const VIEWER = '{ viewer { id tier scopes isAuthenticated } }';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({ SLUICE_IDENTITY_JWT_SECRET: SECRET });
});
afterAll(() => gateway.close());

const askAs = (authorization: string) => gateway.ask(VIEWER, { headers: { authorization } });

describe('The viewer', () => {
  it('is anonymous without credentials', async () => {
    expect((await gateway.ask(VIEWER)).data).toEqual({
      viewer: { id: null, tier: 'anonymous', scopes: [], isAuthenticated: false },
    });
  });

  it("is who the token's claims name", async () => {
    const token = await signDevelopmentToken({
      secret: SECRET,
      viewerId: 'u1',
      tier: 'premium',
      scopes: ['a', 'b:c'],
    });
    expect((await askAs(`Bearer ${token}`)).data).toEqual({
      viewer: { id: 'u1', tier: 'premium', scopes: ['a', 'b:c'], isAuthenticated: true },
    });
  });

  it('is refused with 401 and a GraphQL body where the token does not hold, in either media type', async () => {
    const forged = await signDevelopmentToken({ secret: `${SECRET}!`, viewerId: 'u1' });
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await gateway.ask('mutation { bump }', {
        headers: { authorization: `Bearer ${forged}`, accept },
      });
      expect(answer.status).toBe(401);
      expect(answer.errors).toEqual([
        { message: 'The token is not valid', extensions: { code: 'UNAUTHENTICATED' } },
      ]);
      expect(answer.data).toBeUndefined();
      expect(answer.headers.get('content-type')).toContain(accept);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
    expect(gateway.world.bumps).toBe(0);
  });

  it('is refused where the token has expired', async () => {
    const token = await signDevelopmentToken({ secret: SECRET, viewerId: 'u1', expiresInSeconds: -60 });
    const answer = await askAs(`Bearer ${token}`);
    expect([answer.status, answer.errors?.[0]?.message]).toEqual([401, 'The token has expired']);
  });

  it('is refused, not anonymous, with credentials of another kind', async () => {
    for (const authorization of ['Basic dTpw', 'Bearer', 'Bearer a b', 'nonsense']) {
      expect([authorization, (await askAs(authorization)).status]).toEqual([authorization, 401]);
    }
  });

  it('is refused where the server has no secret to check tokens with', async () => {
    const without = await startSmallGateway();
    try {
      const token = await signDevelopmentToken({ secret: SECRET, viewerId: 'u1' });
      const answer = await without.ask(VIEWER, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
      expect(answer.errors?.[0]?.message).toContain('SLUICE_IDENTITY_JWT_SECRET');
    } finally {
      await without.close();
    }
  });
});
