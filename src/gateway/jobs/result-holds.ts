import type { Changes } from '../../changes/changes.js';
import type { JobResult } from '../../jobs/job-results.js';

/**
 * Whether a result is known to be what would be computed now. After the wait for trust nothing may be awaited before an
 * answer is given by it.
 *
 * @param changes null: nobody follows changes, so results hold for as long as hints say
 */
export async function holds(
  changes: Changes | null,
  { stamp, tagHashes, modelHashes }: Pick<JobResult, 'stamp' | 'tagHashes' | 'modelHashes'>,
): Promise<boolean> {
  if (changes === null) return true;
  return (await changes.ensureTrusted()) && changes.isValid(stamp, tagHashes, modelHashes);
}
