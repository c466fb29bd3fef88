import { SluiceError, type Viewer } from '../../index.js';

/** The tier of those who run the shop. */
const STAFF_TIER = 'staff';
/** Keys of users are positive int4. */
const MAX_USER_ID = 2_147_483_647;

/** The key of the user that the viewer has signed in as; null for a guest, and for staff without an account. */
export function findUserId(viewer: Viewer): number | null {
  return viewer.id === null ? null : parseUserId(viewer.id);
}

/** The key of a user that a viewer's id stands for; null where it can't be one's. */
export function parseUserId(viewerId: string): number | null {
  if (!/^[1-9]\d{0,9}$/.test(viewerId)) return null;
  const id = Number(viewerId);
  return id > MAX_USER_ID ? null : id;
}

/** For fields that only viewers who have signed in get to. @throws `UNAUTHENTICATED` where the viewer's id can't be that of a user. */
export function requireUserId(viewer: Viewer): number {
  const id = findUserId(viewer);
  if (id === null) throw unknownUser();
  return id;
}

/** The fault of a token that outlived its user, or that was never one of this shop's users'. */
export function unknownUser(): SluiceError {
  return new SluiceError(
    'UNAUTHENTICATED',
    'The account that you have signed in with is no customer of this shop.',
  );
}

export function isStaff(viewer: Viewer): boolean {
  return viewer.isAuthenticated && viewer.tier === STAFF_TIER;
}
