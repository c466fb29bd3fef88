import type { MutationResolvers } from '../../generated/graphql.js';
import { checkPassword } from './check-password.js';

const Mutation: MutationResolvers = {
  signIn: async (_parent, { input }, { prisma, session }) => {
    const id = await checkPassword(prisma, input);
    await session.signIn({ id: String(id) });
    return { user: { id } };
  },

  signOut: async (_parent, _args, { session }) => {
    await session.signOut();
    return { isSignedOut: true };
  },
};

export const accountResolvers = { Mutation };
