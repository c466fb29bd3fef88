import type { ChangeRecord } from '../log/change-log.js';
import { TextRecord } from '../log/record-text.js';
import { NOWHERE, type Position } from '../position.js';
import { hashTag } from '../tags/hash-tag.js';
import { RecentRecords } from './recent-records.js';

/** Entries of the index; 8 MiB of doubles. */
const SIZE = 2 ** 20;
const MASK = SIZE - 1;

/**
 * What a node has applied of the log: for each tag the last id that told of it, and a horizon below which nothing is
 * known one by one. The index is an array by the tags' hashes, so it never grows and never forgets; where two tags
 * fall on one place, too much is void, never too little.
 */
export class AppliedLog {
  readonly #lastIds = new Float64Array(SIZE);
  // One for each crash or promotion that this process has lived through.
  readonly #leftEpochs = new Set<string>();
  readonly #recent = new RecentRecords();
  #position: Position = NOWHERE;
  /** Of the position, which is made anew when somebody asks. */
  #cursor = 0;
  #horizon = 0;

  get position(): Position {
    const { epoch, id } = this.#position;
    if (id !== this.#cursor) this.#position = { epoch, id: this.#cursor };
    return this.#position;
  }

  get horizon(): number {
    return this.#horizon;
  }

  /**
   * Makes the epoch the own one. False: it was before, and never will be again; the one who speaks of it is behind.
   */
  adopt(epoch: string): boolean {
    if (epoch === this.#position.epoch) return true;
    if (this.#leftEpochs.has(epoch)) return false;
    this.#leftEpochs.add(this.#position.epoch);
    this.#lastIds.fill(0);
    this.#recent.clear();
    this.#horizon = 0;
    this.#cursor = 0;
    this.#position = { epoch, id: 0 };
    return true;
  }

  /** Of the own epoch, in the order of the log. */
  apply(record: ChangeRecord): void {
    const { id, prev, isHorizon } = record;
    if (id <= this.#cursor) return;
    // What lay between, nobody will tell any more.
    if (prev > this.#cursor) this.#horizon = prev;
    if (isHorizon) this.#horizon = id;
    this.#cursor = id;
    this.#recent.add(record);
    if (record instanceof TextRecord) {
      record.visitTagHashes((hash) => {
        this.#lastIds[hash & MASK] = id;
      });
    } else {
      for (const tag of record.tags) this.#lastIds[hashTag(tag) & MASK] = id;
    }
  }

  /** The log ends here, yet PostgreSQL was at `head` already: the records up to there are lost. */
  catchUp(head: number): void {
    if (head <= this.#cursor) return;
    this.#horizon = head;
    this.#cursor = head;
  }

  /** Whether no tag of them, and none of the horizon, was told of after the stamp. */
  isValid(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): boolean {
    if (stamp.epoch !== this.#position.epoch || stamp.id < this.#horizon) return false;
    return this.#areOlder(tagHashes, stamp.id) && this.#areOlder(modelHashes, stamp.id);
  }

  /** A tag that makes an entry invalid, as its change had it; null: none that is still remembered. */
  findVoidingTag(stamp: Position, tagHashes: Uint32Array, modelHashes: Uint32Array): string | null {
    if (stamp.epoch !== this.#position.epoch) return null;
    return this.#recent.findTag(stamp.id, new Set([...tagHashes, ...modelHashes]));
  }

  #areOlder(hashes: Uint32Array, id: number): boolean {
    for (const hash of hashes) {
      // Always there: the mask keeps it inside.
      if ((this.#lastIds[hash & MASK] ?? 0) > id) return false;
    }
    return true;
  }
}
