import { type AppDefinition, type RequestContext, SluiceError } from '../../../../src/index.js';

/** Whatever the app knows people by. */
interface People {
  check(email: string, password: string): Promise<string | null>;
  find(id: string): Promise<{ readonly isStaff: boolean } | null>;
}

export function createApp(people: People): AppDefinition {
  return {
    loadViewer: async (id) => {
      const person = await people.find(id);
      return person && { tier: person.isStaff ? 'staff' : 'authenticated' };
    },
    resolvers: {
      Mutation: {
        signIn: async (
          _parent: unknown,
          { email, password }: { email: string; password: string },
          { session }: RequestContext,
        ) => {
          const id = await people.check(email, password);
          if (id === null) throw new SluiceError('UNAUTHENTICATED', 'There is nobody with this password');
          return session.signIn({ id });
        },
        signOut: async (_parent: unknown, _args: unknown, { session }: RequestContext) => {
          await session.signOut();
          return true;
        },
      },
    },
  };
}
