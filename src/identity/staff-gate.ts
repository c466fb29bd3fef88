import { SluiceError } from '../kernel/sluice-error.js';
import { isStaff } from './requirement.js';
import type { Tiers } from './tiers.js';
import type { Viewer } from './viewer.js';

/** Lets those viewers pass whose tier is staff. */
export class StaffGate {
  constructor(private readonly tiers: Tiers) {}

  /** `what`: the subject of a sentence, such as `Blocks are`. @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN` */
  admit(viewer: Viewer, what: string): void {
    if (!viewer.isAuthenticated) throw new SluiceError('UNAUTHENTICATED', `${what} for staff: sign in`);
    if (!isStaff(viewer, this.tiers))
      throw new SluiceError('FORBIDDEN', `${what} for staff; your tier is "${viewer.tier}"`);
  }
}
