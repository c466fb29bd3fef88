import fc from 'fast-check';
import pg from 'pg';
import { encodeStable } from '../../../src/kernel/stable-encoding.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import type { Row, RowValue } from '../../../src/reads/row.js';
import type { RowReader } from '../../../src/reads/row-reader.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import type { TestDatabase } from '../../services/database.js';
import { makePgReader } from '../pg/make-pg-reader.js';
import { makePrismaReader } from '../prisma/make-prisma-reader.js';
import { rowsQuery } from '../queries.js';
import { RandomQueries, type ReaderCall } from './random-queries.js';
import { RANDOM_SPECIMENS } from './random-specimens.js';
import type { MakeReader } from './subject.js';

export interface AgreementOptions {
  readonly runs: number;
  readonly timeoutMs: number;
  /** A database with rows, and the graph of its models. */
  readonly open: () => Promise<{ readonly database: TestDatabase; readonly graph: ModelGraph }>;
  readonly makePrismaReader: MakeReader;
}

/** Asks both readers the same at random, and expects one answer. */
export function describeAgreement({ runs, timeoutMs, open, makePrismaReader }: AgreementOptions): void {
  describe('the two row readers', () => {
    let readers: { readonly pg: RowReader; readonly prisma: RowReader };
    let queries: RandomQueries;
    let close = async (): Promise<void> => {};

    beforeAll(async () => {
      const { database, graph } = await open();
      const [pg, prisma] = await Promise.all([
        makePgReader(database.url, graph, () => {}),
        makePrismaReader(database.url, graph, () => {}),
      ]);
      readers = { pg: pg.reader, prisma: prisma.reader };
      queries = new RandomQueries({ graph, rows: await readAllRows(pg.reader, graph) });
      close = async () => {
        await Promise.all([pg.close(), prisma.close()]);
        await database.drop();
      };
    });
    afterAll(() => close());

    it(
      'give the same answer to whatever they are asked',
      async () => {
        await fc.assert(
          fc.asyncProperty(queries.call(), async (call) => {
            const [pg, prisma] = await Promise.all([ask(readers.pg, call), ask(readers.prisma, call)]);
            expect(prisma).toEqual(pg);
          }),
          { numRuns: runs },
        );
      },
      timeoutMs,
    );
  });
}

/** Both readers on the zoo, with more specimens than its own. */
export function describeAgreementOnZoo(runs: number, timeoutMs: number): void {
  const open: AgreementOptions['open'] = async () => {
    const [database, graph] = await Promise.all([createDomainDatabase(), domainGraph()]);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    for (const statement of RANDOM_SPECIMENS) await client.query(statement);
    await client.end();
    return { database, graph };
  };
  describeAgreement({ runs, timeoutMs, open, makePrismaReader });
}

async function readAllRows(
  reader: RowReader,
  graph: ModelGraph,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const entries = [...graph.models.values()].map(
    async ({ name, columns }) =>
      [name, await reader.findRows(rowsQuery({ model: name, columns: [...columns.keys()] }))] as const,
  );
  return new Map(await Promise.all(entries));
}

/** The answer, without what readers are free in: further columns, the order where none was asked for. */
async function ask(reader: RowReader, call: ReaderCall): Promise<unknown> {
  switch (call.method) {
    case 'findRows': {
      const { columns, order } = call.query;
      const rows = (await reader.findRows(call.query)).map((row) => pickColumns(row, columns));
      return order.length === 0 ? sortRows(rows) : rows;
    }
    case 'findRowsByKeys': {
      const columns = [...call.query.columns, ...call.query.keyColumns];
      const rows = await reader.findRowsByKeys(call.query);
      return rows.map((row) => (row === null ? null : pickColumns(row, columns)));
    }
    case 'findRelatedRows': {
      const { columns, order } = call.query;
      const found = await reader.findRelatedRows(call.query);
      return found.map((rows) => {
        const picked = rows.map((row) => pickColumns(row, columns));
        return order.length === 0 ? sortRows(picked) : picked;
      });
    }
    case 'aggregateRows':
      return (await reader.aggregateRows(call.query)).map(round);
    case 'aggregateRelatedRows':
      return (await reader.aggregateRelatedRows(call.query)).map((values) => values.map(round));
  }
}

function pickColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]!]));
}

function sortRows(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (encodeStable(a) < encodeStable(b) ? -1 : 1));
}

/** A sum of floats depends on the order in which rows come; so does which of 0 and -0 is the least. */
function round(value: RowValue): RowValue {
  return typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value)
    ? Number(value.toPrecision(12))
    : value === 0
      ? 0
      : value;
}
