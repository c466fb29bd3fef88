import type { ChangeRecord } from '../log/change-log.js';
import { hashTag } from '../tags/hash-tag.js';

/** Whoever asks again within a few seconds is told what happened meanwhile; the rest is history. */
const MAX_RECORDS = 256;
/** A record of more is a bulk change: looking through it would take longer than what it explains. */
const MAX_TAGS = 10_000;

/** The last records as they came, to tell people which change voided an entry: the index knows hashes only. */
export class RecentRecords {
  readonly #records: (ChangeRecord | undefined)[] = new Array(MAX_RECORDS);
  #next = 0;

  add(record: ChangeRecord): void {
    this.#records[this.#next] = record;
    this.#next = (this.#next + 1) % MAX_RECORDS;
  }

  clear(): void {
    this.#records.fill(undefined);
  }

  /** The tag of the first record after `id` that has one of the hashes; null where none of these records has. */
  findTag(id: number, hashes: ReadonlySet<number>): string | null {
    for (let step = 0; step < MAX_RECORDS; step++) {
      const record = this.#records[(this.#next + step) % MAX_RECORDS];
      if (record === undefined || record.id <= id) continue;
      const tag = record.tags.slice(0, MAX_TAGS).find((text) => hashes.has(hashTag(text)));
      if (tag !== undefined) return tag;
    }
    return null;
  }
}
