import { type NotedWrites, RequestWrites } from '../../../src/gateway/changes/request-writes.js';
import { watchClient } from '../../../src/gateway/changes/watched-client.js';
import { MODEL_READS, MODEL_WRITES, RAW_OPERATIONS } from '../../../src/gateway/changes/write-operations.js';
import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { Prisma, PrismaClient } from '../../domain/generated/prisma/client.js';
import type { TestDatabase } from '../../services/database.js';

let database: TestDatabase;
let client: PrismaClient;
beforeAll(async () => {
  database = await createDomainDatabase();
  client = createPrismaClient(PrismaClient, {
    url: database.url,
    prepared: true,
    poolSize: 4,
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
});
afterAll(async () => {
  await client.$disconnect();
  await database.drop();
});

/** A request's client, and what it notes. `endings` counts how often loaders would be cleared. */
function watch() {
  const request = { endings: 0 };
  const writes = new RequestWrites(() => {
    request.endings += 1;
  });
  return { prisma: watchClient(client, writes), writes, request };
}

async function noted(work: (prisma: PrismaClient) => Promise<unknown>): Promise<NotedWrites | null> {
  const { prisma, writes } = watch();
  await work(prisma).catch(() => undefined);
  const taken = await writes.take(5_000);
  // Begun and taken go together, and taken is gone.
  expect(writes.haveBegun).toBe(taken !== null);
  expect(await writes.take(5_000)).toBeNull();
  return taken;
}

const WROTE = { cause: 'wrote', areDone: true };
const MAYBE = { cause: 'may-have-written', areDone: true };
const rename = (id: number, name: string) => ({ where: { id }, data: { name } });

describe('Writes through a watched client', () => {
  it('are noted for every method of a model that writes', async () => {
    const data = { name: 'Oats', kcal: 380 };
    const where = { name: 'Oats' };
    const writes: ((prisma: PrismaClient) => Promise<unknown>)[] = [
      (prisma) => prisma.food.create({ data }),
      (prisma) => prisma.food.createMany({ data: [{ name: 'Rye' }] }),
      (prisma) => prisma.food.createManyAndReturn({ data: [{ name: 'Corn' }] }),
      (prisma) => prisma.food.update({ where, data: { kcal: 381 } }),
      (prisma) => prisma.food.updateMany({ where, data: { kcal: 382 } }),
      (prisma) => prisma.food.updateManyAndReturn({ where, data: { kcal: 383 } }),
      (prisma) => prisma.food.upsert({ where, create: data, update: {} }),
      (prisma) => prisma.food.delete({ where }),
      (prisma) => prisma.food.deleteMany({ where: { name: { in: ['Rye', 'Corn'] } } }),
    ];
    for (const write of writes) expect(await noted(write)).toEqual(WROTE);
    expect(await client.food.count({ where: { name: { in: ['Oats', 'Rye', 'Corn'] } } })).toBe(0);
  });

  it('are noted where they are nested, and where the answer is a relation of the row', async () => {
    expect(
      await noted(async (prisma) => {
        const taxon = await prisma.animal.update(rename(1, 'Leo')).taxon();
        expect(taxon).toMatchObject({ name: 'Lion' });
      }),
    ).toEqual(WROTE);
    const nested = { where: { id: 1 }, data: { notes: { create: { text: 'Purrs' } } } };
    expect(await noted((prisma) => prisma.animal.update(nested))).toEqual(WROTE);
  });

  it('are noted in batches, once they are committed', async () => {
    const { prisma, writes, request } = watch();
    const results = await prisma.$transaction([
      prisma.animal.count(),
      prisma.animal.update(rename(2, 'Leonie')),
      prisma.$queryRaw`SELECT 1`,
    ]);
    expect(results).toEqual([15, expect.objectContaining({ name: 'Leonie' }), expect.anything()]);
    expect(await writes.take(0)).toEqual(WROTE);
    expect(request.endings).toBe(1);
  });

  it('are noted in interactive transactions, once they are committed', async () => {
    const { prisma, writes, request } = watch();
    const work = prisma.$transaction(
      async (transaction) => {
        const { name } = await transaction.animal.findUniqueOrThrow({ where: { id: 3 } });
        await transaction.animal.update(rename(3, `${name}!`));
        await transaction.animal.update(rename(3, name));
        expect([writes.haveBegun, request.endings]).toEqual([true, 0]);
        return name;
      },
      { isolationLevel: 'Serializable', timeout: 10_000 },
    );
    expect(await work).toBe('Shere');
    expect(await writes.take(0)).toEqual(WROTE);
    expect(request.endings).toBe(1);
  });

  it('are noted where a client that was extended makes them', async () => {
    const write = (prisma: PrismaClient) => {
      const extended = prisma.$extends({
        model: {
          animal: {
            whisper(id: number, name: string) {
              return Prisma.getExtensionContext(this).update(rename(id, name));
            },
          },
        },
      });
      return extended.animal.whisper(4, 'Rajah');
    };
    expect(await noted(write)).toEqual(WROTE);
  });

  it('may be what raw SQL does, and are where it is executed for its effect', async () => {
    const sql = Prisma.sql`UPDATE zoo.animals SET name = name WHERE id = 1`;
    expect(await noted((prisma) => prisma.$executeRaw(sql))).toEqual(WROTE);
    expect(await noted((prisma) => prisma.$executeRawUnsafe(sql.sql))).toEqual(WROTE);
    expect(await noted((prisma) => prisma.$queryRaw`SELECT 1`)).toEqual(MAYBE);
    expect(await noted((prisma) => prisma.$queryRawUnsafe('SELECT $1::int', 1))).toEqual(MAYBE);
    expect(await noted((prisma) => prisma.$transaction((inner) => inner.$queryRaw`SELECT 1`))).toEqual(MAYBE);
  });

  it('may be there although they failed', async () => {
    expect(await noted((prisma) => prisma.animal.update(rename(99, 'Nobody')))).toEqual(MAYBE);
    const rolledBack = (prisma: PrismaClient) =>
      prisma.$transaction(async (transaction) => {
        await transaction.animal.update(rename(1, 'Gone'));
        throw new Error('changed my mind');
      });
    expect(await noted(rolledBack)).toEqual(MAYBE);
    expect((await client.animal.findUniqueOrThrow({ where: { id: 1 } })).name).toBe('Leo');
  });

  it('are not there where nothing was but read, or nothing begun', async () => {
    const { prisma, writes, request } = watch();
    await prisma.animal.findMany({ include: { taxon: true } });
    await prisma.animal.findUnique({ where: { id: 1 } }).taxon();
    await prisma.animal.aggregate({ _max: { weightKg: true } });
    await prisma.$transaction((transaction) => transaction.animal.count());
    await prisma.$transaction([prisma.animal.count()]);
    // Nobody waits for it, so it never begins.
    prisma.animal.deleteMany() satisfies unknown;
    expect([writes.haveBegun, await writes.take(0), request.endings]).toEqual([false, null, 0]);
    expect(await client.animal.count()).toBe(15);
  });

  it('run once, however many wait for them', async () => {
    const { prisma, request } = watch();
    const write = prisma.food.create({ data: { name: 'Once' } });
    await Promise.all([write, write.then((food) => food.name), write.finally(() => undefined)]);
    expect(request.endings).toBe(1);
    await prisma.food.delete({ where: { name: 'Once' } }).catch(() => undefined);
    expect(request.endings).toBe(2);
  });

  it('are waited for where an operation ends before they do', async () => {
    const { prisma, writes } = watch();
    const locked = await holdRow();
    try {
      const write = prisma.animal.update(rename(1, 'Leo')).then(() => undefined);
      expect(writes.haveBegun).toBe(true);
      expect(await writes.take(10)).toEqual({ cause: 'may-have-written', areDone: false });
      await locked.release();
      expect(await writes.take(10_000)).toEqual(WROTE);
      await write;
    } finally {
      await locked.release();
    }
  });
});

describe('The lists of what writes and what reads', () => {
  it('have every method of a model and every raw operation that Prisma Client knows', () => {
    const methods = listMethods(client.animal);
    expect(methods.filter((name) => !MODEL_WRITES.has(name) && !MODEL_READS.has(name))).toEqual([]);
    expect(methods).toEqual(expect.arrayContaining([...MODEL_WRITES, ...MODEL_READS]));
    const raw = Object.getOwnPropertyNames(Object.getPrototypeOf(Reflect.get(client, '_originalClient')))
      .filter((name) => /^\$(query|execute)Raw/.test(name))
      .filter((name) => !name.endsWith('Internal'));
    expect(raw.sort()).toEqual([...RAW_OPERATIONS.keys()].sort());
  });
});

/** Of Prisma's own, without those that only MongoDB has. */
function listMethods(delegate: object): string[] {
  return Object.keys(delegate).filter(
    (name) => typeof Reflect.get(delegate, name) === 'function' && !/Raw$/.test(name),
  );
}

/** Locks an animal's row until it is released. */
async function holdRow(): Promise<{ release(): Promise<void> }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const work = client.$transaction(
    async (transaction) => {
      await transaction.$queryRaw`SELECT FROM zoo.animals WHERE id = 1 FOR UPDATE`;
      locked();
      await released;
    },
    { timeout: 20_000 },
  );
  await isLocked;
  return {
    async release() {
      release();
      await work;
    },
  };
}
