import type { StaffGate } from '../../identity/staff-gate.js';
import type { Viewer } from '../../identity/viewer.js';
import type { BlockRecord, Blocks } from './blocks.js';

/** Blocks, for those viewers only whose tier is staff. */
export class StaffBlocks {
  constructor(
    private readonly blocks: Blocks,
    private readonly staff: StaffGate,
  ) {}

  /** @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN`, `LIMITS_UNAVAILABLE` */
  list(viewer: Viewer, most: number): Promise<readonly BlockRecord[]> {
    this.staff.admit(viewer, 'Blocks are');
    return this.blocks.list(most);
  }

  /** False: there was no block. @throws SluiceError as `list` */
  lift(viewer: Viewer, subject: string): Promise<boolean> {
    this.staff.admit(viewer, 'Blocks are');
    return this.blocks.lift(subject, `viewer:${viewer.id}`);
  }
}
