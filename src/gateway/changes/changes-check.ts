import type { Changes, ChangesStatus, TrustFault } from '../../changes/changes.js';
import { type CheckDetail, type ReadinessCheck, UnwellError } from '../readiness.js';
import { shareAttempt } from '../readiness-checks.js';

/** `starting` and `lagging` are what a node is that nobody has asked anything for a while. */
const REASONS: { readonly [Fault in TrustFault]?: string } = {
  'pending-write': 'a write was answered that nobody could be told of yet; caches stand aside',
  'log-away': 'the change log does not answer; caches stand aside',
  'not-captured': 'the database has no change log; caches stand aside',
};

/** Changes are followed. Without that the gateway serves on, from the database alone. */
export function createChangesCheck(changes: Changes): ReadinessCheck {
  return {
    name: 'changes',
    isRequired: false,
    check: shareAttempt(async () => {
      let status = await changes.readStatus();
      if (status.fault === 'log-away') {
        // It may be back, and nobody have asked for anything since.
        await changes.ensureTrusted();
        status = await changes.readStatus();
      }
      const reason = status.fault === null ? undefined : REASONS[status.fault];
      if (reason !== undefined) throw new UnwellError(reason, toDetail(status));
      return toDetail(status);
    }),
  };
}

/** For a database in which nothing tells of changes. */
export function createMissingChangesCheck(reason: string): ReadinessCheck {
  return { name: 'changes', isRequired: false, check: () => Promise.reject(new Error(reason)) };
}

function toDetail({ position: { epoch, id }, ...rest }: ChangesStatus): CheckDetail {
  // Before its first drain a node is nowhere.
  return { position: epoch === '' ? null : `${epoch}:${id}`, ...rest };
}
