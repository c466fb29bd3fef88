import type { Purge } from '../../cache/purging/purge.js';
import type { CacheStatistics } from '../../cache/stores/tiered-cache.js';
import type { WarmReport } from '../../cache/warming/warm-operation.js';

/** The caches, for one viewer, who has to be staff. */
export interface StaffCache {
  /** How each cache of the node that answers does. @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN` */
  list(): readonly CacheStatistics[];
  /** How many names were told. @throws SluiceError as `list`, and `BAD_USER_INPUT` */
  purge(asked: Purge): Promise<number>;
  /**
   * Answers operations before anybody asks: those given, and so many of those that were asked most lately.
   *
   * @throws SluiceError as `purge`
   */
  warm(operations: readonly AskedWarming[], recorded: number): Promise<WarmReport>;
}

/** An operation as the API takes it. */
export interface AskedWarming {
  readonly query: string;
  readonly operationName?: string | null;
  /** JSON. */
  readonly variables?: string | null;
  readonly tier?: string | null;
  readonly scopes?: readonly string[] | null;
}
