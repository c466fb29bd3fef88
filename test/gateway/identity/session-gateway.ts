import { makeExecutableSchema } from '@graphql-tools/schema';
import type { Redis } from 'ioredis';
import type { GatewayContext } from '../../../src/gateway/gateway-context.js';
import type { LoadedViewer } from '../../../src/identity/sessions/session-viewers.js';
import type { SqlClient } from '../../../src/model/database-catalog.js';
import { type SmallGateway, startSmallGateway } from '../small-gateway.js';

/** People of a test's app: what they may do, by id. A test may change or remove them. */
export type People = Map<string, LoadedViewer>;

export interface SessionGateway extends SmallGateway {
  readonly people: People;
  /** How often something was done that only who has signed in may do. */
  countDeeds(): number;
}

export const SESSION_SECRET = 'a secret for cookies of 32 characters or more';

/** A gateway whose app signs in whoever says who they are. Close it. */
export async function startSessionGateway(
  env: Record<string, string>,
  stores: { readonly redis?: Redis | null; readonly storage?: SqlClient | null },
): Promise<SessionGateway> {
  const people: People = new Map([
    ['u1', { tier: 'premium', scopes: ['read'] }],
    ['u2', { tier: 'staff' }],
  ]);
  let deeds = 0;
  const schema = makeExecutableSchema<GatewayContext>({
    typeDefs: /* GraphQL */ `
      type Viewer { id: String, tier: String!, scopes: [String!]! }
      type Query { viewer: Viewer! }
      type Mutation { signIn(id: String!): Viewer! signOut: Boolean! deed: Boolean! }
    `,
    resolvers: {
      Query: { viewer: (_, __, { viewer }) => viewer },
      Mutation: {
        signIn: (_, { id }, { session }) => session.signIn({ id }),
        signOut: async (_, __, { session }) => {
          await session.signOut();
          return true;
        },
        deed: (_, __, { viewer }) => {
          if (viewer.isAuthenticated) deeds += 1;
          return viewer.isAuthenticated;
        },
      },
    },
  });
  const gateway = await startSmallGateway(
    { SLUICE_IDENTITY_SESSION_SECRET: SESSION_SECRET, SLUICE_IDENTITY_VIEWER_TTL_MS: '0', ...env },
    {
      schema,
      redis: stores.redis ?? null,
      storage: stores.storage ?? null,
      app: { loadViewer: async (id) => people.get(id) ?? null },
    },
  );
  return { ...gateway, people, countDeeds: () => deeds };
}

/** The cookie that an answer sets, as a browser would send it back; null: none, empty: it is cleared. */
export function readSetCookie({ headers }: { readonly headers: Headers }): string | null {
  const [text] = headers.getSetCookie();
  if (text === undefined) return null;
  return /Max-Age=0;/.test(text) ? '' : (text.split(';')[0] ?? null);
}
