import type { SqlClient } from '../../model/database-catalog.js';
import { coordinatePurgeTag, PURGE_ALL_TAG, typePurgeTag } from './purge-tags.js';

/** What of all that is kept is to be computed again. */
export interface Purge {
  readonly all: boolean;
  /** As answers carry them: of changes, such as `Animal:7`, or an app's own. */
  readonly tags: readonly string[];
  /** Object types: whatever shows one of their objects. */
  readonly types: readonly string[];
  /** Coordinates, such as `Query.animals`: answers with the field at the top, and what is kept of the field itself. */
  readonly fields: readonly string[];
}

export const MAX_PURGED_NAMES = 1_000;
export const MAX_NAME_CHARACTERS = 500;
/** Parts the tags of a record. */
const SEPARATOR = '|';

/** What is wrong with it, in words that follow a subject; null: nothing. */
export function findPurgeFault({ all, tags, types, fields }: Purge): string | null {
  const names = [...tags, ...types, ...fields];
  if (!all && names.length === 0) return 'names nothing: say all, tags, types or fields';
  if (names.length > MAX_PURGED_NAMES) return `names ${names.length} things, of at most ${MAX_PURGED_NAMES}`;
  const odd = names.find(
    (name) => name.length > MAX_NAME_CHARACTERS || name === '' || name.includes(SEPARATOR),
  );
  return odd === undefined
    ? null
    : `names ${JSON.stringify(odd.slice(0, 80))}: a name has 1 to ${MAX_NAME_CHARACTERS} characters, and no "${SEPARATOR}"`;
}

/** Has every node void it, as a change of a row would be told: by a record of the log. Says how many names that took. */
export async function purge(client: SqlClient, { all, tags, types, fields }: Purge): Promise<number> {
  const names = [
    ...(all ? [PURGE_ALL_TAG] : []),
    ...tags,
    ...types.map(typePurgeTag),
    ...fields.map(coordinatePurgeTag),
  ];
  await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1::text[])', [names]);
  return names.length;
}
