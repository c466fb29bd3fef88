import pg from 'pg';
import type { Column, Model, ModelGraph } from '../../../src/model/model-graph.js';
import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import { PrismaRowReader } from '../../../src/reads/prisma/prisma-row-reader.js';
import type { Row } from '../../../src/reads/row.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import type { TestDatabase } from '../../services/database.js';
import { eq } from '../contract/conditions.js';
import { POOL_SETTINGS } from '../pg-zoo.js';
import { asc, keyedQuery, relatedQuery, rowsQuery } from '../queries.js';
import { withLock } from '../with-lock.js';

let database: TestDatabase;
let graph: ModelGraph;
let client: PrismaClient;

beforeAll(async () => {
  [database, graph] = await Promise.all([createDomainDatabase(), domainGraph()]);
  client = openClient();
});
afterAll(async () => {
  await client.$disconnect();
  await database.drop();
});

function openClient(statementTimeoutMs = 20_000): PrismaClient {
  return createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url: database.url, statementTimeoutMs });
}

/** A reader that takes Specimen for a model with other keys than it has. */
function readerWithKeys(...uniques: string[][]): PrismaRowReader {
  return new PrismaRowReader({ client, graph: graphWithKeys(uniques) });
}

function graphWithKeys(uniques: readonly string[][]): ModelGraph {
  const specimen = graph.models.get('Specimen')!;
  const columns = new Map<string, Column>(
    [...specimen.columns].map(([name, column]) => [
      name,
      uniques.flat().includes(name) ? { ...column, isNullable: false } : column,
    ]),
  );
  const changed: Model = { ...specimen, columns, uniques, primaryKey: uniques[0] ?? null };
  return { ...graph, models: new Map([...graph.models, ['Specimen', changed]]) };
}

describe('a row that nothing but times tells apart', () => {
  const columns = ['seenExact', 'day', 'clock', 'clockZoned', 'loose', 'prices', 'blob', 'label'];

  it.each([[[]], [[['seenExact']]]])('has values as exact as Prisma Client has them', async (uniques) => {
    const reader = readerWithKeys(...uniques);
    await expect(
      reader.findRows(rowsQuery({ model: 'Specimen', columns, where: eq('id', 1) })),
    ).resolves.toEqual([
      {
        seenExact: '2026-01-31T12:00:00.123Z',
        day: '2026-01-31',
        clock: '12:00:00',
        clockZoned: '12:00:00Z',
        loose: '10.5',
        prices: ['10', '0.1'],
        blob: 'AP8Q',
        label: 'ordinary',
      },
    ]);
    const [digits] = await reader.findRows(
      rowsQuery({ model: 'Specimen', columns: ['clock'], where: eq('id', 7) }),
    );
    expect(digits).toEqual({ clock: '01:30:00.1' });
  });

  it('can be asked for only by conditions that Prisma has', async () => {
    const reader = readerWithKeys();
    const count = (where: Parameters<typeof rowsQuery>[0]['where']): Promise<readonly Row[]> =>
      reader.findRows(rowsQuery({ model: 'Specimen', where }));
    await expect(count({ kind: 'compare', column: 'mood', op: 'gt', value: 'CALM' })).resolves.toHaveLength(
      2,
    );
    await expect(count(eq('seenExact', '2026-01-31T12:00:00.123456Z'))).rejects.toThrow('Specimen');
  });
});

describe('a row told apart by bytes, dates or booleans', () => {
  const haveBlobs = { kind: 'null', column: 'blob', negated: true } as const;

  it.each([['blob'], ['day'], ['flag', 'day'], ['flag', 'whole'], ['price']])(
    'is exact: %s',
    async (...unique) => {
      const query = rowsQuery({
        model: 'Specimen',
        columns: ['loose'],
        where: haveBlobs,
        order: [asc('id')],
      });
      const rows = await readerWithKeys(['seenAt'], unique).findRows(query);
      expect(rows.map((row) => row.loose)).toEqual(['10.50', 'Infinity', '-Infinity']);
    },
  );

  it.each([['blob'], ['day'], ['flag', 'day'], ['flag', 'whole'], ['price']])(
    'is found by a condition that Prisma has not: %s',
    async (...unique) => {
      const values = ['12:00:00', '00:00:00'];
      const where = { kind: 'in', column: 'clock', values, negated: false } as const;
      const rows = await readerWithKeys(['ratio'], unique).findRows(
        rowsQuery({
          ...{ model: 'Specimen', columns: ['id'], order: [asc('id')] },
          where: { kind: 'all', of: [where, haveBlobs] },
        }),
      );
      expect(rows.map((row) => row.id)).toEqual([1, 5]);
    },
  );

  it('fails where its key is one that Prisma has not', async () => {
    const own = await createDomainDatabase();
    const watched = createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url: own.url });
    await watched.$executeRawUnsafe(`UPDATE records.specimens SET day = 'infinity' WHERE id = 5`);
    const where = { kind: 'compare', column: 'clock', op: 'lt', value: '00:00:01' } as const;
    await expect(
      readerWithKeys(['day']).findRows(rowsQuery({ model: 'Specimen', where })),
    ).resolves.toHaveLength(1);
    const reader = new PrismaRowReader({ client: watched, graph: graphWithKeys([['day']]) });
    await expect(reader.findRows(rowsQuery({ model: 'Specimen', where }))).rejects.toThrow('infinity');
    await watched.$disconnect();
    await own.drop();
  });
});

describe('a read', () => {
  it('leaves out a row that goes between its two statements', async () => {
    const own = await createDomainDatabase();
    const watched = createPrismaClient(PrismaClient, { ...POOL_SETTINGS, url: own.url });
    const remover = new pg.Client({ connectionString: own.url });
    await remover.connect();
    const source = new Proxy(watched, {
      get: (target, name) =>
        name === '$queryRawUnsafe'
          ? async (...args: Parameters<PrismaClient['$queryRawUnsafe']>) => {
              await remover.query('DELETE FROM records.events WHERE id = 3');
              return target.$queryRawUnsafe(...args);
            }
          : Reflect.get(target, name),
    });
    const reader = new PrismaRowReader({ client: source, graph });
    const [events] = await reader.findRelatedRows(
      relatedQuery({
        ...{ parentModel: 'Animal', relation: 'events', model: 'Event', columns: ['at', 'id'] },
        ...{ parents: [['1']], order: [asc('id')] },
      }),
    );
    expect(events!.map((event) => event.id)).toEqual(['1', '4', '5']);
    await remover.end();
    await watched.$disconnect();
    await own.drop();
  });

  it('takes keys beyond what one statement takes', async () => {
    const keys = Array.from({ length: 9_000 }, (_, index) => [String(index + 1)]);
    const reader = new PrismaRowReader({ client, graph });
    const rows = await reader.findRowsByKeys(keyedQuery({ model: 'Animal', columns: ['bornAt'], keys }));
    expect(rows.filter((row) => row !== null)).toHaveLength(12);
  });

  it('refuses a list that one statement does not take', async () => {
    const values = Array.from({ length: 40_000 }, (_, index) => index);
    const where = { kind: 'in', column: 'id', values, negated: true } as const;
    await expect(
      new PrismaRowReader({ client, graph }).findRows(rowsQuery({ model: 'Taxon', where })),
    ).rejects.toMatchObject({ code: 'LIST_TOO_LARGE' });
  });

  it('is timed out by the server', async () => {
    const hasty = openClient(100);
    const reader = new PrismaRowReader({ client: hasty, graph });
    const query = rowsQuery({ model: 'Shift', columns: ['startsAt'] });
    await withLock(database.url, 'zoo.shifts', async () => {
      await expect(reader.findRows(query)).rejects.toMatchObject({ code: 'TIMEOUT' });
      await expect(
        reader.findRows({ ...query, where: eq('startsAt', '2026-01-31T06:00:00.000001Z') }),
      ).rejects.toMatchObject({ code: 'TIMEOUT' });
    });
    await expect(reader.findRows(query)).resolves.toHaveLength(5);
    await hasty.$disconnect();
  });

  it("of what is not in the model graph is the caller's defect", async () => {
    const reader = new PrismaRowReader({ client, graph });
    await expect(reader.findRows(rowsQuery({ model: 'Unicorn' }))).rejects.toThrow('no model Unicorn');
    await expect(reader.findRows(rowsQuery({ model: 'Animal', columns: ['horn'] }))).rejects.toThrow('horn');
    await expect(
      reader.findRelatedRows(
        relatedQuery({ parentModel: 'Animal', relation: 'riders', model: 'Keeper', parents: [['1']] }),
      ),
    ).rejects.toThrow('riders');
    await expect(
      reader.aggregateRows({
        model: 'Animal',
        where: { kind: 'all', of: [] },
        aggregates: [{ fn: 'max', column: null }],
      }),
    ).rejects.toThrow('needs a column');
  });

  it('needs a client of the same schema, and one that tells of its statements if they are asked for', async () => {
    const models = new Map([
      ...graph.models,
      ['Unicorn', { ...graph.models.get('Taxon')!, name: 'Unicorn' }],
    ]);
    const reader = new PrismaRowReader({ client, graph: { ...graph, models } });
    await expect(reader.findRows(rowsQuery({ model: 'Unicorn' }))).rejects.toThrow('generate it anew');
    const mute = { $queryRawUnsafe: client.$queryRawUnsafe.bind(client) };
    expect(() => new PrismaRowReader({ client: mute, graph, onStatement: () => {} })).toThrow(TypeError);
  });
});
