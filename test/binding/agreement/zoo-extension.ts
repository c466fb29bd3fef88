import type { FieldResolver, Resolvers } from '../../../src/binding/resolvers.js';
import type { SdlSource } from '../../../src/binding/sdl/sdl-source.js';
import type { Row } from '../../../src/reads/row.js';
import { ZOO_RESOLVERS } from '../zoo-schema.js';

/** More of what hand-written resolvers do with rows that a plan has read: pass them on, wrap them, stand in for them. */
export const ZOO_EXTENSION: SdlSource = {
  path: 'zoo-extension.graphql',
  text: `
    extend type Animal {
      "The parent itself."
      self: Animal! @needs(columns: ["id"])
      family: Family @needs(columns: ["id", "taxonId"])
      "A stub."
      neighbour: Animal @needs(columns: ["id"])
      company: [Subject]! @needs(columns: ["id", "carerId"])
    }

    type Family {
      head: Animal!
      taxon: Taxon
      heads(count: Int = 2): [Animal!]!
      size: Int!
    }

    extend type Keeper {
      double: [Keeper!]!
    }

    extend type Query {
      keeperConnection: KeeperConnection
    }`,
};

export const EXTENDED_RESOLVERS: Resolvers = {
  ...ZOO_RESOLVERS,
  Query: {
    ...(ZOO_RESOLVERS.Query as Record<string, FieldResolver>),
    keeperConnection: () => {
      const nodes = [{ id: 1 }, { id: 3 }];
      const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
      return { edges: nodes.map((node) => ({ cursor: 'none', node })), pageInfo, totalCount: async () => 2 };
    },
  },
  Animal: {
    ...(ZOO_RESOLVERS.Animal as Record<string, FieldResolver>),
    self: (animal: Row) => animal,
    family: (animal: Row) => ({ head: animal, taxon: { id: animal.taxonId }, size: 1 }),
    neighbour: (animal: Row) => ({ id: String((BigInt(String(animal.id)) % 12n) + 1n) }),
    company: (animal: Row) => [
      { ...animal, __typename: 'Animal' },
      null,
      { __typename: 'Keeper', id: animal.carerId },
      { __typename: 'Keeper', id: 77 },
    ],
  },
  Family: {
    heads: ({ head }: { head: Row }, { count }: { count: number | null }) =>
      Array.from({ length: Math.min(Math.max(count ?? 1, 0), 3) }, () => head),
  },
  Keeper: {
    double: (keeper: Row) => [keeper, { ...keeper }],
  },
};
