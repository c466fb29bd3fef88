import { hashTagIn } from '../tags/hash-tag.js';
import type { ChangeRecord } from './change-log.js';

// What no text of PostgreSQL can hold, so that no tag needs escaping.
const SEPARATOR = '\0';
/** Between two records; no part of one is empty. */
const RECORD_SEPARATOR = '\0\0';
const NAMED = 'named';
const HORIZON = 'horizon';
const ZERO = '0'.charCodeAt(0);

/** A record as the log keeps it. The id comes first: scripts compare it. */
export function formatRecord({ id, prev, lsn, tags, isHorizon }: ChangeRecord): string {
  return [id, prev, lsn, isHorizon ? HORIZON : NAMED, ...tags].join(SEPARATOR);
}

/**
 * A record that leaves its tags in the text that it came in until someone asks for them. A node that starts reads a
 * million records, and wants nothing of their tags but the hashes.
 */
export class TextRecord implements ChangeRecord {
  constructor(
    readonly id: number,
    readonly prev: number,
    readonly lsn: string,
    readonly isHorizon: boolean,
    private readonly text: string,
    /** Where the first tag begins and the last one ends; the same where there is none. */
    private readonly begin: number,
    private readonly end: number,
  ) {}

  get tags(): readonly string[] {
    return this.begin === this.end ? [] : this.text.slice(this.begin, this.end).split(SEPARATOR);
  }

  /** As `hashTag` has them, in the order of `tags`. */
  visitTagHashes(visit: (hash: number) => void): void {
    const { text, end } = this;
    for (let at = this.begin; at < end; ) {
      const tagEnd = findEnd(text, SEPARATOR, at, end);
      visit(hashTagIn(text, at, tagEnd));
      at = tagEnd + 1;
    }
  }
}

/** Records that were put together, with two NULs in between. */
export function parseRecords(text: string): TextRecord[] {
  const records: TextRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const end = findEnd(text, RECORD_SEPARATOR, at, text.length);
    const idEnd = text.indexOf(SEPARATOR, at);
    const prevEnd = text.indexOf(SEPARATOR, idEnd + 1);
    const lsnEnd = text.indexOf(SEPARATOR, prevEnd + 1);
    const kindEnd = findEnd(text, SEPARATOR, lsnEnd + 1, end);
    records.push(
      new TextRecord(
        readNumber(text, at, idEnd),
        readNumber(text, idEnd + 1, prevEnd),
        text.slice(prevEnd + 1, lsnEnd),
        text.startsWith(HORIZON, lsnEnd + 1),
        text,
        Math.min(kindEnd + 1, end),
        end,
      ),
    );
    at = end + RECORD_SEPARATOR.length;
  }
  return records;
}

function findEnd(text: string, separator: string, from: number, end: number): number {
  const found = text.indexOf(separator, from);
  return found === -1 || found > end ? end : found;
}

function readNumber(text: string, begin: number, end: number): number {
  let value = 0;
  for (let at = begin; at < end; at++) value = value * 10 + (text.charCodeAt(at) - ZERO);
  return value;
}
