import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../../src/binding/request-context.js';
import type { AppDefinition } from '../../../src/gateway/app-definition.js';
import type { PrismaClient } from '../../domain/generated/prisma/client.js';
import { type Change, DB_MOODS, type Mood, RANDOM_TAXON } from '../world/change.js';
import { HUFF } from '../world/world.js';
import { HISTORY_TABLE } from '../world/world-database.js';

type Context = RequestContext<PrismaClient>;
type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

/** From its read on: many others ask meanwhile, and much is written. */
const SLOW_MS = 30;
/** Of a write that waits for others, and for nodes that are frozen. */
const PATIENCE = { maxWait: 30_000, timeout: 60_000 };

/** What is wanted in the end, by the one who has it tried. */
class Undone extends Error {}

let rehearsals = 0;

/** The app that the checker's nodes serve: resolvers that read in all ways, and one that writes in all ways. */
export const FRESH_APP: AppDefinition = {
  resolvers: {
    Query: {
      diary: async (_: unknown, __: unknown, { prisma, viewer }: Context) => {
        const where = { keeperId: Number(viewer.id) };
        const notes = await prisma.note.findMany({ where, orderBy: { text: 'asc' } });
        return notes.map(({ text }) => text);
      },
      whoAmI: async (_: unknown, __: unknown, { prisma, viewer }: Context) => {
        await prisma.keeper.count();
        return `keeper ${viewer.id}`;
      },
      roster: async (_: unknown, { mood }: { mood: Mood }, { prisma }: Context) => {
        const animals = await prisma.animal.findMany({ where: { mood }, orderBy: { id: 'asc' } });
        return animals.map(({ name }) => name);
      },
      slowName: async (_: unknown, { id }: { id: number }, { prisma }: Context) => {
        const animal = await prisma.animal.findUnique({ where: { id } });
        await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
        return animal?.name ?? null;
      },
      moody: async (_: unknown, { id }: { id: number }, { prisma }: Context) => {
        const animal = await prisma.animal.findUnique({ where: { id } });
        if (animal?.mood === 'IN_A_HUFF') throw new GraphQLError(HUFF);
        return animal?.name ?? null;
      },
      brief: (_: unknown, { mood }: { mood: Mood }, { prisma }: Context) =>
        prisma.animal.count({ where: { mood } }),
      counted: async (_: unknown, { mood }: { mood: string }, context: Context) => {
        context.tag('Animal~');
        const [row] = await context.prisma.$queryRaw<{ count: number }[]>`
          SELECT count(*)::int AS count FROM zoo.animals WHERE mood::text = ${mood}`;
        return row?.count;
      },
      rehearsal: async (_: unknown, { id }: { id: number }, context: Context) => {
        context.tag('Animal~');
        let name = '';
        const rehearse = async (transaction: Transaction): Promise<void> => {
          const data = { name: `ghost ${process.pid} ${rehearsals++}` };
          const { count } = await transaction.animal.updateMany({ where: { id }, data });
          // Another writer may have taken it away just then, and put one of the same key in its place since.
          const found = count === 0 ? null : await transaction.animal.findUnique({ where: { id } });
          name = found?.name ?? data.name;
          throw new Undone();
        };
        await context.prisma.$transaction(rehearse, PATIENCE).catch((error: unknown) => {
          if (!(error instanceof Undone)) throw error;
        });
        return name;
      },
    },
    Mutation: {
      change: (_: unknown, { op, change, outcome }: ChangeArguments, { prisma }: Context) =>
        write(prisma, op, change, outcome),
    },
  },
};

interface ChangeArguments {
  readonly op: string;
  readonly change: Change;
  readonly outcome: 'COMMIT' | 'COMMIT_AND_FAIL' | 'ROLL_BACK';
}

async function write(
  prisma: PrismaClient,
  op: string,
  change: Change,
  outcome: ChangeArguments['outcome'],
): Promise<number> {
  const version = await prisma.$transaction(async (transaction) => {
    const [next] = await transaction.$queryRawUnsafe<{ version: number }[]>(
      `SELECT ${HISTORY_TABLE}_next($1) AS version`,
      op,
    );
    await apply(transaction, change);
    if (outcome === 'ROLL_BACK') throw new Undone('rolled back');
    return next?.version ?? 0;
  }, PATIENCE);
  if (outcome === 'COMMIT_AND_FAIL') throw new GraphQLError(`version ${version}`);
  return version;
}

async function apply(transaction: Transaction, change: Change): Promise<void> {
  switch (change.kind) {
    case 'rename':
      await transaction.animal.updateMany({ where: { id: change.id }, data: { name: change.name } });
      return;
    case 'feel':
      await transaction.animal.updateMany({ where: { id: change.id }, data: { mood: change.mood } });
      return;
    case 'move':
      await transaction.animal.updateMany({ where: { id: change.id }, data: { carerId: change.carer } });
      return;
    case 'come': {
      const { id, name, mood, carer } = change;
      await transaction.animal.create({ data: { id, name, mood, carerId: carer, taxonId: RANDOM_TAXON } });
      return;
    }
    case 'go':
      await transaction.animal.deleteMany({ where: { id: change.id } });
      return;
    case 'note':
      await transaction.note.updateMany({ where: { id: change.id }, data: { text: change.text } });
      return;
    case 'call':
      await transaction.keeper.update({ where: { id: change.keeper }, data: { name: change.name } });
      return;
    case 'feelAll':
      await transaction.$executeRawUnsafe(
        'UPDATE zoo.animals SET mood = $1::zoo.mood_type WHERE carer_id = $2',
        DB_MOODS[change.mood],
        change.carer,
      );
      return;
    default:
      throw new Error(`No client writes ${change.kind}.`);
  }
}
