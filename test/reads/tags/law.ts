import fc from 'fast-check';
import type pg from 'pg';
import type { CaptureDemand } from '../../../src/changes/capture/capture-demand.js';
import { collapseTag } from '../../../src/changes/tags/tag-grammar.js';
import { encodeStable } from '../../../src/kernel/stable-encoding.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { ALWAYS } from '../../../src/reads/condition.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../../src/reads/pg/pg-row-reader.js';
import type { ReadPlan } from '../../../src/reads/plan/read-plan.js';
import type { Row } from '../../../src/reads/row.js';
import type { ReadDependences } from '../../../src/reads/tags/dependences.js';
import { ReadTags } from '../../../src/reads/tags/read-tags.js';
import { TagColumns } from '../../../src/reads/tags/tag-columns.js';
import { type CapturedZoo, openCapturedZoo } from '../../changes/capture/captured-zoo.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { RandomQueries, type ReaderCall } from '../contract/random-queries.js';
import { POOL_SETTINGS } from '../pg-zoo.js';
import { rowsQuery } from '../queries.js';
import { RandomChanges } from './random-changes.js';
import { randomPlan } from './random-plans.js';

type Read = ReaderCall | { readonly method: 'readPlan'; readonly plan: ReadPlan };

/** An answer as it was asked for, and as it came with the columns of its tags; and what it depends on. */
interface Answer {
  readonly shown: string;
  readonly whole: string;
  readonly dependences: ReadDependences;
}

interface Tally {
  /** The answer changed. */
  changed: number;
  /** The answer stayed, and the change met its tags. */
  needless: number;
  /** The answer stayed, and nothing met. */
  spared: number;
}

export interface LawOptions {
  readonly changes: number;
  /** Read before and after each change. */
  readonly readsPerChange: number;
  readonly timeoutMs: number;
}

/** Every column of every model in tags and slices, as far as it can be. */
async function fullDemand(): Promise<CaptureDemand> {
  const graph = await domainGraph();
  return new Map(
    [...graph.models.values()].map(({ name, columns, uniques }) => [
      name,
      {
        slices: [...uniques, ...[...columns.keys()].slice(0, 8).map((column) => [column])],
        columns: [...columns.keys()],
      },
    ]),
  );
}

/** If a change alters an answer, the change's tags meet the answer's. */
export function describeLaw({ changes, readsPerChange, timeoutMs }: LawOptions): void {
  describe.each([
    ['without a demand', async () => new Map()],
    ['with every column in demand', fullDemand],
  ] as const)('an answer that a change alters, %s,', (name, demand) => {
    let zoo: CapturedZoo;
    let session: Session;

    beforeAll(async () => {
      zoo = await openCapturedZoo({ demand: await demand() });
      session = await Session.open(zoo);
    });
    afterAll(async () => {
      await session.close();
      await zoo.close();
    });

    it(
      'depends on a tag of the change',
      async () => {
        const tally: Tally = { changed: 0, needless: 0, spared: 0 };
        const reads = fc.array(session.read(), { minLength: readsPerChange, maxLength: readsPerChange });
        await fc.assert(
          fc.asyncProperty(reads, new RandomChanges(zoo.graph).change(), (asked, change) =>
            session.tryOut(asked, change.statements, tally),
          ),
          { numRuns: changes, endOnFailure: false },
        );
        const { changed, needless, spared } = tally;
        const share = ((100 * needless) / (needless + spared)).toFixed(1);
        process.stdout.write(
          `  ${name}: ${changed} answers altered, each met; ${needless} of ${needless + spared} unaltered ones met needlessly (${share} %)\n`,
        );
        expect(changed).toBeGreaterThan(0);
        expect(spared).toBeGreaterThan(needless);
      },
      timeoutMs,
    );
  });
}

/** Reads and changes on one connection, so that a change can be undone after it was looked at. */
class Session {
  private constructor(
    private readonly graph: ModelGraph,
    private readonly client: pg.PoolClient,
    private readonly reader: PgRowReader,
    private readonly queries: RandomQueries,
    private readonly rows: ReadonlyMap<string, readonly Row[]>,
    private readonly tagColumns: TagColumns,
    private readonly readTags: ReadTags,
    readonly close: () => Promise<void>,
  ) {}

  static async open({ url, graph, plan }: CapturedZoo): Promise<Session> {
    const pool = createPool({ ...POOL_SETTINGS, poolSize: 1, url });
    const client = await pool.connect();
    const release = client.release;
    // The reader gives it back after each statement; the transaction goes on.
    client.release = () => {};
    const reader = new PgRowReader({
      pool: { waitingCount: 0, connect: async () => client } as unknown as pg.Pool,
      graph,
      prepared: true,
    });
    const close = async (): Promise<void> => {
      release.call(client);
      await pool.end();
    };
    const rows = new Map<string, readonly Row[]>();
    for (const { name, columns } of graph.models.values())
      rows.set(name, await reader.findRows(rowsQuery({ model: name, columns: [...columns.keys()] })));
    const queries = new RandomQueries({ graph, rows });
    return new Session(
      graph,
      client,
      reader,
      queries,
      rows,
      new TagColumns(graph, plan.specs),
      new ReadTags(graph, plan.specs),
      close,
    );
  }

  read(): fc.Arbitrary<Read> {
    const plans = randomPlan(this.graph, this.queries);
    return fc.oneof(
      { weight: 3, arbitrary: this.queries.call() },
      { weight: 3, arbitrary: plans.map((plan): Read => ({ method: 'readPlan', plan })) },
      { weight: 3, arbitrary: this.#slices() },
    );
  }

  /** Short pages, or counts, of all parents' related rows: most changes of those rows alter one of them. */
  #slices(): fc.Arbitrary<Read> {
    const relations = [...this.graph.models.values()].flatMap((parent) =>
      [...parent.relations.values()]
        .filter(({ cardinality }) => cardinality === 'many')
        .map((relation) => ({ parent, relation, target: this.graph.models.get(relation.target)! })),
    );
    return fc.constantFrom(...relations).chain(({ parent, relation, target }) => {
      const keys = this.rows.get(parent.name)!.map((row) => relation.link.local.map((name) => row[name]!));
      const parents = [
        ...new Map(
          keys.filter((key) => key.every((value) => value !== null)).map((key) => [key.join(), key]),
        ).values(),
      ];
      const asked = { model: target.name, parentModel: parent.name, relation: relation.name, parents };
      const columns = [...target.columns.values()].filter(({ isList, type }) => !isList && type !== 'Json');
      const where = fc.oneof(fc.constant(ALWAYS), this.queries.condition(target, 0));
      const count = where.map(
        (found): Read => ({
          method: 'aggregateRelatedRows',
          query: { ...asked, where: found, aggregates: [{ fn: 'count', column: null }] },
        }),
      );
      const page = fc
        .tuple(where, fc.constantFrom(...columns), fc.integer({ min: 1, max: 2 }))
        .map(([found, { name }, limit]): Read => {
          const key = target.primaryKey!.filter((column) => column !== name);
          const order = [name, ...key].map(
            (column) => ({ column, direction: 'asc', nulls: 'last' }) as const,
          );
          const cut = { order, limit, offset: 0, after: null };
          return { method: 'findRelatedRows', query: { ...asked, columns: key, where: found, ...cut } };
        });
      return target.primaryKey === null ? count : fc.oneof(count, page);
    });
  }

  async tryOut(
    reads: readonly Read[],
    statements: readonly { readonly sql: string; readonly isUndone: boolean }[],
    tally: Tally,
  ): Promise<void> {
    await this.client.query('BEGIN');
    try {
      const before: Answer[] = [];
      for (const read of reads) before.push(await this.#answer(read));
      for (const { sql, isUndone } of statements) {
        await this.client.query('SAVEPOINT change');
        const isRefused = await this.client.query(sql).then(
          () => false,
          () => true,
        );
        await this.client.query(isRefused || isUndone ? 'ROLLBACK TO change' : 'RELEASE change');
      }
      const { rows } = await this.client.query<{ tags: string[] }>('SELECT tags FROM sluice.outbox');
      const told = new Set(rows.flatMap(({ tags }) => tags));
      for (const [index, read] of reads.entries()) {
        const after = await this.#answer(read);
        const { shown, whole, dependences } = before[index]!;
        if (dependences.uncaptured.length > 0) continue;
        const isMet =
          dependences.tags.some((tag) => told.has(tag)) ||
          dependences.models.some((model) => told.has(collapseTag(model)));
        if (whole !== after.whole && !isMet) {
          throw new Error(
            `Nothing told of a change:\n${JSON.stringify(read)}\n${whole}\n${after.whole}\ndepends on ${dependences.tags.join('  ')}\ntold ${[...told].join('  ')}`,
          );
        }
        if (shown !== after.shown) tally.changed++;
        else if (isMet) tally.needless++;
        else tally.spared++;
      }
    } finally {
      await this.client.query('ROLLBACK');
    }
  }

  async #answer(read: Read): Promise<Answer> {
    switch (read.method) {
      case 'findRows': {
        const query = this.tagColumns.addToQuery(read.query);
        const rows = await this.reader.findRows(query);
        return answerOf(read.query, [rows], this.readTags.ofRows(query, rows));
      }
      case 'findRowsByKeys': {
        const query = this.tagColumns.addToQuery(read.query);
        const rows = await this.reader.findRowsByKeys(query);
        const lists = rows.map((row) => (row === null ? [] : [row]));
        return answerOf({ ...read.query, order: null }, lists, this.readTags.ofKeyed(query, rows));
      }
      case 'findRelatedRows': {
        const query = this.tagColumns.addToQuery(read.query);
        const rows = await this.reader.findRelatedRows(query);
        return answerOf(read.query, rows, this.readTags.ofRelated(query, rows));
      }
      case 'aggregateRows': {
        const text = encodeStable((await this.reader.aggregateRows(read.query)).map(round));
        return { shown: text, whole: text, dependences: this.readTags.ofAggregate(read.query) };
      }
      case 'aggregateRelatedRows': {
        const values = await this.reader.aggregateRelatedRows(read.query);
        const text = encodeStable(values.map((list) => list.map(round)));
        return { shown: text, whole: text, dependences: this.readTags.ofRelatedAggregate(read.query) };
      }
      case 'readPlan': {
        const plan = { ...read.plan, shape: this.tagColumns.addToShape(read.plan.shape) };
        const found = await this.reader.readPlan(plan);
        const dependences = this.readTags.ofPlan(plan, this.reader.getLayout(plan.shape), found);
        const shown = await this.reader.readPlan(read.plan);
        return { shown: JSON.stringify(shown), whole: JSON.stringify(found), dependences };
      }
    }
  }
}

/** Lists that were asked for in any order are compared as sets. */
function answerOf(
  query: { readonly columns: readonly string[]; readonly order: readonly unknown[] | null },
  lists: readonly (readonly Row[])[],
  dependences: ReadDependences,
): Answer {
  const encode = (toShown: (row: Row) => Row): string =>
    JSON.stringify(
      lists.map((rows) => {
        const texts = rows.map((row) => encodeStable(toShown(row)));
        return query.order?.length === 0 ? texts.sort() : texts;
      }),
    );
  const pick = (row: Row): Row => Object.fromEntries(query.columns.map((column) => [column, row[column]!]));
  return { shown: encode(pick), whole: encode((row) => row), dependences };
}

/** A sum of floats depends on the order in which rows come. */
function round(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(12))
    : value === 0
      ? 0
      : value;
}
