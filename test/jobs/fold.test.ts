import fc from 'fast-check';
import pg from 'pg';
import { fold } from '../../src/jobs/checkpoints.js';
import type { FoldOptions } from '../../src/jobs/job-definition.js';
import { type EngineDatabase, openEngineDatabase } from '../identity/engine-database.js';

let database: EngineDatabase;
beforeAll(async () => {
  database = await openEngineDatabase();
  await database.pool.query(
    'CREATE TABLE effects (job text, item int); CREATE TABLE items (id int PRIMARY KEY, value numeric)',
  );
  await database.pool.query(
    'INSERT INTO items SELECT id, (id * 37 % 101)::numeric / 100 FROM generate_series(1, 200) AS id',
  );
});
afterAll(() => database.close());

interface State {
  readonly after: number;
  readonly sum: string;
}

class Killed extends Error {}

/** Adds up items, and writes each down: what is written twice, or not at all, shows. */
function adding(chunkSize: number, onChunk: (chunk: number) => void): FoldOptions<State> {
  let chunks = 0;
  return {
    start: { after: 0, sum: '0' },
    async chunk(sql, { after, sum }) {
      const [row] = await sql<{ last: number | null; sum: string }>(
        `WITH chunk AS (SELECT id, value FROM items WHERE id > $1 ORDER BY id LIMIT $2),
           noted AS (INSERT INTO effects SELECT current_setting('application_name'), id FROM chunk)
         SELECT max(id) AS last, ($3::numeric + coalesce(sum(value), 0))::text AS sum FROM chunk`,
        [after, chunkSize, sum],
      );
      chunks += 1;
      onChunk(chunks);
      return { state: { after: row!.last ?? after, sum: row!.sum }, isDone: row!.last === null };
    },
  };
}

/** With a name that its effects are noted under. */
function openPool(name: string): pg.Pool {
  return new pg.Pool({ connectionString: database.url, application_name: name, max: 2 });
}

function contextOf(jobId: string, pool: pg.Pool) {
  return {
    jobId,
    pool,
    statementTimeoutMs: 10_000,
    signal: new AbortController().signal,
    stamp: { epoch: 'e', id: 5 },
    onProgress: () => undefined,
    onStamp: () => undefined,
  };
}

async function effectsOf(name: string): Promise<number[]> {
  const { rows } = await database.pool.query('SELECT item FROM effects WHERE job = $1 ORDER BY item', [name]);
  return rows.map(({ item }) => item);
}

const ALL = Array.from({ length: 200 }, (_, index) => index + 1);
let jobs = 0;

describe('fold', () => {
  it('counts every item exactly once, wherever its workers die', async () => {
    const { rows } = await database.pool.query('SELECT sum(value)::text AS sum FROM items');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 7, max: 120 }),
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 5 }),
        async (chunkSize, deaths) => {
          jobs += 1;
          const name = `dies-${jobs}`;
          const pool = openPool(name);
          try {
            for (const death of deaths) {
              const dying = adding(chunkSize, (chunk) => {
                if (chunk === death) throw new Killed();
              });
              await fold(dying, contextOf(name, pool)).catch((error) => {
                if (!(error instanceof Killed)) throw error;
              });
            }
            const { sum } = await fold(
              adding(chunkSize, () => undefined),
              contextOf(name, pool),
            );
            expect([sum, await effectsOf(name)]).toEqual([rows[0].sum, ALL]);
          } finally {
            await pool.end();
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);

  it('lets one of two go on who both believe that they have the job', async () => {
    const pool = openPool('two');
    try {
      const outcomes = await Promise.allSettled(
        [1, 2, 3].map(() =>
          fold(
            adding(10, () => undefined),
            contextOf('two', pool),
          ),
        ),
      );
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ name: 'JobEnd', kind: 'lost' });
      expect(await effectsOf('two')).toEqual(ALL);
    } finally {
      await pool.end();
    }
  });

  it('is done once it is done: another attempt gives the same without working', async () => {
    const pool = openPool('again');
    try {
      const first = await fold(
        adding(50, () => undefined),
        contextOf('again', pool),
      );
      let chunks = 0;
      const second = await fold(
        adding(50, () => (chunks += 1)),
        contextOf('again', pool),
      );
      expect([second, chunks]).toEqual([first, 0]);
    } finally {
      await pool.end();
    }
  });

  it('tells where the log stood when the first attempt began', async () => {
    const stamps: unknown[] = [];
    const context = {
      ...contextOf('stamped', database.pool),
      onStamp: (stamp: unknown) => void stamps.push(stamp),
    };
    await fold(
      adding(100, () => undefined),
      context,
    );
    await fold(
      adding(100, () => undefined),
      { ...context, stamp: { epoch: 'later', id: 900 } },
    );
    expect(stamps).toEqual([
      { epoch: 'e', id: 5 },
      { epoch: 'e', id: 5 },
    ]);
  });

  it('ends between chunks where it is told to', async () => {
    const controller = new AbortController();
    const ending = fold(
      adding(10, (chunk) => {
        if (chunk === 3) controller.abort(new Error('enough'));
      }),
      { ...contextOf('ended', database.pool), signal: controller.signal },
    );
    await expect(ending).rejects.toThrow('enough');
    const { rows } = await database.pool.query(
      "SELECT version FROM sluice.job_checkpoints WHERE job_id = 'ended'",
    );
    expect(rows).toEqual([{ version: 3 }]);
  });

  it('refuses to carry more than a megabyte from chunk to chunk', async () => {
    const growing: FoldOptions<string> = {
      start: '',
      chunk: async () => ({ state: 'x'.repeat(2_000_000), isDone: false }),
    };
    await expect(fold(growing, contextOf('large', database.pool))).rejects.toMatchObject({
      code: 'JOB_TOO_LARGE',
      message: expect.stringContaining('of 1048576 at most'),
    });
  });
});
