import { isStaff } from '../../identity/requirement.js';
import type { Tiers } from '../../identity/tiers.js';
import type { Viewer } from '../../identity/viewer.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { BlockRecord, Blocks } from './blocks.js';

/** Blocks, for those viewers only whose tier is staff. */
export class StaffBlocks {
  constructor(
    private readonly blocks: Blocks,
    private readonly tiers: Tiers,
  ) {}

  /** @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN`, `LIMITS_UNAVAILABLE` */
  list(viewer: Viewer, most: number): Promise<readonly BlockRecord[]> {
    this.#admit(viewer);
    return this.blocks.list(most);
  }

  /** False: there was no block. @throws SluiceError as `list` */
  lift(viewer: Viewer, subject: string): Promise<boolean> {
    this.#admit(viewer);
    return this.blocks.lift(subject, `viewer:${viewer.id}`);
  }

  #admit(viewer: Viewer): void {
    if (!viewer.isAuthenticated) throw new SluiceError('UNAUTHENTICATED', 'Blocks are for staff: sign in');
    if (!isStaff(viewer, this.tiers))
      throw new SluiceError('FORBIDDEN', `Blocks are for staff; your tier is "${viewer.tier}"`);
  }
}
