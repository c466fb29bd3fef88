import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { type BoundApi, bindApi } from '../../src/binding/bind-schema.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import type { SdlSource } from '../../src/binding/sdl/sdl-source.js';
import type { Row } from '../../src/reads/row.js';
import { domainGraph } from '../domain/domain-graph.js';

export const LIMITS = { defaultPageRows: 3, maxPageRows: 20 };

export const ZOO_SDL: SdlSource = {
  path: 'zoo.graphql',
  text: readFileSync(path.join(import.meta.dirname, '../domain/zoo.graphql'), 'utf8'),
};

/** Column names that each hand-written resolver found in its parent, by coordinate. */
export const seenParents = new Map<string, string[]>();

/** The zoo's hand-written part: one of each way in which a resolver can answer. */
export const ZOO_RESOLVERS: Resolvers = {
  Query: {
    favourite: () => ({ id: '2' }),
    stub: (_parent, args: { id: number }) => (args.id < 0 ? { name: 'keyless' } : { id: BigInt(args.id) }),
    anything: (_parent, args: { kind: string }) =>
      args.kind === 'Keeper'
        ? { __typename: 'Keeper', id: 3 }
        : { __typename: args.kind, zone: 'North', number: 2 },
  },
  Mutation: {
    renameAnimal: async (_parent, { input }, context) => {
      const before = await context.reads.loadRow(
        { model: 'Animal', columns: ['name'], keyColumns: ['id'], where: { kind: 'all', of: [] } },
        ['1'],
      );
      await context.prisma.query('UPDATE zoo.animals SET name = $1 WHERE id = 1', [input.name]);
      return { animal: { id: '1' }, keeper: before === null ? null : { id: 1 } };
    },
  },
  Animal: {
    label: (animal: Row) => {
      seenParents.set('Animal.label', Object.keys(animal).sort());
      return `${animal.name} (${animal.mood ?? 'unknown'})`;
    },
    summary: (animal: Row) => {
      seenParents.set('Animal.summary', Object.keys(animal).sort());
      return `${animal.name} weighs ${animal.weightKg ?? '?'}`;
    },
  },
};

export async function bindZooApi(): Promise<BoundApi> {
  return bindApi({ sdl: [ZOO_SDL], graph: await domainGraph(), resolvers: ZOO_RESOLVERS, limits: LIMITS });
}

export async function bindZoo(): Promise<GraphQLSchema> {
  return (await bindZooApi()).schema;
}
