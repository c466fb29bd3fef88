import type { FieldResolver, Resolvers } from '../../../src/binding/resolvers.js';
import type { Row } from '../../../src/reads/row.js';
import { EXTENDED_RESOLVERS } from '../agreement/zoo-extension.js';

/**
 * The zoo's resolvers, giving no stub of a row that isn't there: whoever may not see its type is not told that either,
 * which resolvers that check can't know.
 */
export const KNOWN_COMPANY: Resolvers = {
  ...EXTENDED_RESOLVERS,
  Animal: {
    ...(EXTENDED_RESOLVERS.Animal as Record<string, FieldResolver>),
    company: (animal: Row) => [
      { ...animal, __typename: 'Animal' },
      null,
      { __typename: 'Keeper', id: animal.carerId },
    ],
  },
};
