import type { Purge } from '../../cache/purging/purge.js';
import type { CacheStatistics } from '../../cache/stores/tiered-cache.js';

/** The caches, for one viewer, who has to be staff. */
export interface StaffCache {
  /** How each cache of the node that answers does. @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN` */
  list(): readonly CacheStatistics[];
  /** How many names were told. @throws SluiceError as `list`, and `BAD_USER_INPUT` */
  purge(asked: Purge): Promise<number>;
}
