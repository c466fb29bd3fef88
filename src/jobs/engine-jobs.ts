import type { AsyncJobDefinition, JobRun } from './job-definition.js';
import { keepUpRollup } from './rollups/keep-up-rollup.js';
import type { RollupDefinition } from './rollups/rollup-definition.js';
import type { ScheduleDefinition } from './schedule-definition.js';

export interface EngineJobsParts {
  readonly rollups: readonly RollupDefinition[];
  /** Answers what is asked most before anybody asks; null: nothing is kept. @returns how many answers are kept now */
  readonly warm: (() => Promise<number>) | null;
}

/** A name that begins so is the engine's. */
export const ENGINE_JOB_PREFIX = 'sluice-';

const ROLLUPS_EVERY_MS = 5_000;
const WARM_EVERY_MS = 600_000;
const TRIMMED_ROWS = 10_000;

/** What of the engine's own tables is of no use any more. */
const TRIMS: readonly (readonly [table: string, isOld: string])[] = [
  ['job_results', 'expires_at < now()'],
  ['job_checkpoints', "updated_at < now() - interval '30 days'"],
  ['counter_batches', "applied_at < now() - interval '7 days'"],
];

/** Jobs of every app. */
export function createEngineJobs({ rollups, warm }: EngineJobsParts): readonly AsyncJobDefinition[] {
  const jobs: AsyncJobDefinition[] = [
    { name: 'sluice-trim', queue: 'maintenance', run: (_args, job: JobRun) => trim(job) },
    { name: 'sluice-table-advice', queue: 'maintenance', run: (_args, job: JobRun) => adviseTables(job) },
  ];
  if (rollups.length > 0) {
    jobs.push({
      name: 'sluice-rollups',
      queue: 'maintenance',
      attempts: 1,
      statementTimeoutMs: 300_000,
      run: (_args, job: JobRun) => keepUpRollups(rollups, job),
    });
  }
  if (warm !== null) {
    jobs.push({
      name: 'sluice-warm',
      queue: 'maintenance',
      attempts: 1,
      run: async () => ({ kept: await warm() }),
    });
  }
  return jobs;
}

export function createEngineSchedules({ rollups, warm }: EngineJobsParts): readonly ScheduleDefinition[] {
  return [
    { job: 'sluice-trim', cron: '17 * * * *' },
    { job: 'sluice-table-advice', cron: '40 4 * * *' },
    ...(rollups.length > 0 ? [{ job: 'sluice-rollups', everyMs: ROLLUPS_EVERY_MS }] : []),
    ...(warm === null ? [] : [{ job: 'sluice-warm', everyMs: WARM_EVERY_MS }]),
  ];
}

async function keepUpRollups(rollups: readonly RollupDefinition[], job: JobRun) {
  const slices: Record<string, number> = {};
  for (const rollup of rollups) slices[rollup.name] = await keepUpRollup(rollup, job);
  return { slices };
}

/** In pieces, so that nobody waits for the locks of many rows. */
async function trim(job: JobRun) {
  const removed: Record<string, number> = {};
  for (const [table, isOld] of TRIMS) {
    let rows: number;
    do {
      job.signal.throwIfAborted();
      rows = await job.transaction(async (sql) => {
        const gone = await sql(
          `DELETE FROM sluice.${table} WHERE ctid IN (
             SELECT ctid FROM sluice.${table} WHERE ${isOld} LIMIT ${TRIMMED_ROWS} FOR UPDATE SKIP LOCKED
           ) RETURNING 1`,
        );
        return gone.length;
      });
      removed[table] = (removed[table] ?? 0) + rows;
    } while (rows === TRIMMED_ROWS);
  }
  return { removed };
}

interface TableFacts {
  readonly table: string;
  readonly live: number;
  readonly dead: number;
  readonly isNeverAnalyzed: boolean;
  readonly wraparoundPercent: number;
}

const LARGE_ROWS = 10_000;

/** What PostgreSQL's own housekeeping has left undone. */
async function adviseTables(job: JobRun) {
  const tables = await job.sql<TableFacts>(
    `SELECT format('%I.%I', stat.schemaname, stat.relname) AS table, stat.n_live_tup::int AS live,
       stat.n_dead_tup::int AS dead,
       stat.last_analyze IS NULL AND stat.last_autoanalyze IS NULL AS "isNeverAnalyzed",
       (age(class.relfrozenxid) / 20000000.0)::float8 AS "wraparoundPercent"
     FROM pg_stat_user_tables AS stat JOIN pg_class AS class ON class.oid = stat.relid
     WHERE stat.schemaname <> 'sluice_queues' ORDER BY 1`,
  );
  const advice = tables.flatMap(advise);
  for (const line of advice) job.log.warn(`Table maintenance: ${line}`);
  return { tables: tables.length, advice };
}

function advise({ table, live, dead, isNeverAnalyzed, wraparoundPercent }: TableFacts): readonly string[] {
  return [
    ...(dead > LARGE_ROWS && dead > live / 5
      ? [`${table} has ${dead} dead rows beside ${live}: VACUUM ${table}`]
      : []),
    ...(isNeverAnalyzed && live > LARGE_ROWS ? [`${table} was never analyzed: ANALYZE ${table}`] : []),
    ...(wraparoundPercent > 50
      ? [
          `${table} has used ${Math.round(wraparoundPercent)} % of its transaction ids: VACUUM FREEZE ${table}`,
        ]
      : []),
  ];
}
