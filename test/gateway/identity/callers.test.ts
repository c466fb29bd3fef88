import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GatewayContext } from '../../../src/gateway/gateway-context.js';
import { signDevelopmentToken } from '../../../src/identity/development-token.js';
import { startSmallGateway } from '../small-gateway.js';

const SECRET = 'a secret that only this test knows, of 48 characters';
const schema = makeExecutableSchema<GatewayContext>({
  typeDefs: 'type Query { address: String!, key: String!, isLoopback: Boolean! }',
  resolvers: {
    Query: {
      address: (_, __, { caller }) => caller.address,
      key: (_, __, { caller }) => caller.key,
      isLoopback: (_, __, { caller }) => caller.isLoopback,
    },
  },
});

interface Sender {
  readonly remoteAddress?: string;
  readonly headers?: Record<string, string>;
}

/** Who a gateway takes each of these senders for. */
async function findCallers(trustedProxies: string, senders: readonly Sender[]) {
  const gateway = await startSmallGateway(
    { SLUICE_HTTP_TRUSTED_PROXIES: trustedProxies, SLUICE_IDENTITY_JWT_SECRET: SECRET },
    { schema },
  );
  try {
    const answers = [];
    for (const { remoteAddress, headers } of senders) {
      const answer = await gateway.fastify.inject({
        method: 'POST',
        url: '/graphql',
        remoteAddress,
        headers: { 'content-type': 'application/json', ...headers },
        payload: JSON.stringify({ query: '{ address key isLoopback }' }),
      });
      answers.push(answer.json().data);
    }
    return answers;
  } finally {
    await gateway.close();
  }
}

const addressesOf = async (trustedProxies: string, senders: readonly Sender[]) =>
  (await findCallers(trustedProxies, senders)).map(({ address }) => address);
const via = (remoteAddress: string, forwardedFor: string, more: Record<string, string> = {}): Sender => ({
  remoteAddress,
  headers: { 'x-forwarded-for': forwardedFor, ...more },
});

describe('Where a request comes from', () => {
  it('is what the socket says, and never what a header says of itself', async () => {
    expect(
      await addressesOf('', [
        { remoteAddress: '203.0.113.7' },
        via('203.0.113.7', '127.0.0.1'),
        via('203.0.113.7', '198.51.100.1, 198.51.100.2'),
        {
          remoteAddress: '203.0.113.7',
          headers: {
            'x-real-ip': '127.0.0.1',
            'x-client-ip': '127.0.0.1',
            'true-client-ip': '127.0.0.1',
            'cf-connecting-ip': '127.0.0.1',
            forwarded: 'for=127.0.0.1',
          },
        },
      ]),
    ).toEqual(['203.0.113.7', '203.0.113.7', '203.0.113.7', '203.0.113.7']);
  });

  it('is what a trusted proxy says, and before that what a further one says', async () => {
    expect(
      await addressesOf('10.0.0.0/8,2001:db8:ffff::1', [
        via('10.1.2.3', '203.0.113.7'),
        via('::ffff:10.1.2.3', '203.0.113.7'),
        via('10.1.2.3', '203.0.113.7, 10.9.9.9'),
        via('2001:db8:ffff::1', '2001:db8:1:2::99'),
        { remoteAddress: '10.1.2.3' },
      ]),
    ).toEqual(['203.0.113.7', '203.0.113.7', '203.0.113.7', '2001:db8:1:2::/64', '10.1.2.3']);
  });

  it('is the last address that nobody vouches for, whatever stands before it', async () => {
    expect(
      await addressesOf('10.0.0.0/8', [
        // A client wrote the first ones; the proxy put the client's own behind them.
        via('10.1.2.3', '127.0.0.1, 203.0.113.7'),
        via('10.1.2.3', '10.0.0.1, 10.0.0.2, 203.0.113.7'),
        via('10.1.2.3', `${'1.1.1.1, '.repeat(500)}203.0.113.7`),
        // Not a proxy of ours, so it vouches for nobody.
        via('203.0.113.9', '198.51.100.1'),
        via('2001:db8:ffff::2', '198.51.100.1'),
      ]),
    ).toEqual(['203.0.113.7', '203.0.113.7', '203.0.113.7', '203.0.113.9', '2001:db8:ffff::/64']);
  });

  it('is the proxy where that says nonsense, so that nobody gets a fresh address for each request', async () => {
    expect(
      await addressesOf('10.0.0.0/8', [
        via('10.1.2.3', 'unknown'),
        via('10.1.2.3', '203.0.113.7, _hidden'),
        via('10.1.2.3', ' '),
        via('10.1.2.3', '203.0.113.7:4711'),
      ]),
    ).toEqual(['10.1.2.3', '10.1.2.3', '10.1.2.3', '10.1.2.3']);
  });

  it('names who is not signed in; who is, is named by that from everywhere', async () => {
    const token = await signDevelopmentToken({ secret: SECRET, viewerId: 'u1' });
    const authorization = `Bearer ${token}`;
    const callers = await findCallers('', [
      { remoteAddress: '2001:db8::1' },
      { remoteAddress: '2001:db8::ffff' },
      { remoteAddress: '2001:db8::1', headers: { authorization } },
      { remoteAddress: '127.0.0.1', headers: { authorization } },
    ]);
    expect(callers.map(({ key }) => key)).toEqual([
      'address:2001:db8::/64',
      'address:2001:db8::/64',
      'viewer:u1',
      'viewer:u1',
    ]);
    expect(callers.map(({ isLoopback }) => isLoopback)).toEqual([false, false, false, true]);
  });
});
