import type { ChangeLog, ChangeRecord, Heartbeat, LogEntry, LogReading, LogTime } from './change-log.js';

export interface MemoryChangeLogOptions {
  /** Records that are kept, about; a quarter more at times. Default: 100,000. */
  readonly maxRecords?: number;
  /** Records that one reading brings at most. Default: 10,000. */
  readonly maxReadRecords?: number;
  /** A clock that never goes back. Default: the process's own. */
  readonly nowMs?: () => number;
}

/** The log of a node that is alone. It ends with the process, as all does that relies on it. */
export class MemoryChangeLog implements ChangeLog {
  readonly kind = 'memory';
  readonly #maxRecords: number;
  readonly #maxReadRecords: number;
  readonly #nowMs: () => number;
  #heartbeat: Heartbeat | null = null;
  #epoch = '';
  #records: ChangeRecord[] = [];
  #lastId = 0;

  constructor(options: MemoryChangeLogOptions = {}) {
    this.#maxRecords = options.maxRecords ?? 100_000;
    this.#maxReadRecords = options.maxReadRecords ?? 10_000;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  async readTime(): Promise<LogTime> {
    return { timeMs: this.#nowMs(), connection: 0 };
  }

  async append({ record, heartbeat }: LogEntry, _connection: number): Promise<boolean> {
    if (heartbeat.epoch !== this.#epoch) this.#begin(heartbeat.epoch);
    if (record !== null) {
      if (record.id <= this.#lastId) return false;
      this.#records.push(record);
      this.#lastId = record.id;
      // Not one by one: that would move all of them each time.
      if (this.#records.length > this.#maxRecords * 1.25)
        this.#records = this.#records.slice(-this.#maxRecords);
    }
    const isOlder = this.#heartbeat !== null && heartbeat.timeMs < this.#heartbeat.timeMs;
    if (!isOlder || this.#heartbeat?.epoch !== heartbeat.epoch) this.#heartbeat = heartbeat;
    return true;
  }

  async read(after: { readonly epoch: string; readonly id: number }): Promise<LogReading> {
    const from = after.epoch === this.#epoch ? this.#findBehind(after.id) : 0;
    const records = this.#records.slice(from, from + this.#maxReadRecords);
    return {
      heartbeat: this.#heartbeat,
      records,
      isPartial: from + records.length < this.#records.length,
      timeMs: this.#nowMs(),
      connection: 0,
    };
  }

  async close(): Promise<void> {
    this.#heartbeat = null;
    this.#begin('');
  }

  #begin(epoch: string): void {
    this.#epoch = epoch;
    this.#records = [];
    this.#lastId = 0;
  }

  /** Where the first record stands whose id is higher. */
  #findBehind(id: number): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#records[middle]?.id ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
