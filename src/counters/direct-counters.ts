import type { SqlClient } from '../model/database-catalog.js';
import type { CounterTarget } from './counter-definition.js';
import { type Counters, findCounter } from './counters.js';

/** Counts at once, where the database has no table for batches: those who count the same row wait for each other. */
export class DirectCounters implements Counters {
  constructor(
    private readonly targets: ReadonlyMap<string, CounterTarget>,
    private readonly client: SqlClient,
  ) {}

  async add(counter: string, key: string | number | bigint, amount = 1): Promise<void> {
    const { addSql } = findCounter(this.targets, counter, amount);
    await this.client.query(addSql, [String(key), amount]);
  }
}
