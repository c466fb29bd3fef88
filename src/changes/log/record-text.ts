import type { ChangeRecord } from './change-log.js';

// What no text of PostgreSQL can hold, so that no tag needs escaping.
const SEPARATOR = '\0';
/** Between records; no part of one is empty. */
export const RECORD_SEPARATOR = '\0\0';

const NAMED = 'named';
const HORIZON = 'horizon';

/** A record as the log keeps it, beside its id. */
export function formatRecord({ prev, lsn, tags, isHorizon }: ChangeRecord): string {
  return [prev, lsn, isHorizon ? HORIZON : NAMED, ...tags].join(SEPARATOR);
}

/** A record after its id, such as `42-0`. */
export function parseRecord(text: string): ChangeRecord {
  const parts = text.split(SEPARATOR);
  const [id = '', prev = '', lsn = '', kind] = parts;
  return {
    // Up to the dash.
    id: Number.parseInt(id, 10),
    prev: Number(prev),
    lsn,
    tags: parts.slice(4),
    isHorizon: kind === HORIZON,
  };
}
