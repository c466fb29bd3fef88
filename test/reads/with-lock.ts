import pg from 'pg';

/** Runs `work` while nobody else can read the table. */
export async function withLock<Result>(
  url: string,
  table: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const locker = new pg.Client({ connectionString: url });
  await locker.connect();
  try {
    await locker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    return await work();
  } finally {
    await locker.end();
  }
}
