import type { PrismaClient } from '../../generated/prisma/client.js';
import type { UserTier } from '../../generated/prisma/enums.js';
import type { LoadedViewer } from '../../index.js';
import { parseUserId } from './acting-user.js';

/** What budget and rights go with whom the shop takes somebody for. */
const TIERS: Readonly<Record<UserTier, string>> = {
  STANDARD: 'authenticated',
  PREMIUM: 'premium',
  STAFF: 'staff',
};

/** What a user may do who has signed in, by the user's row; null where there is none. The shop knows no scopes. */
export async function loadViewer(id: string, prisma: PrismaClient): Promise<LoadedViewer | null> {
  const userId = parseUserId(id);
  if (userId === null) return null;
  const user = await prisma.user.findUnique({ where: { id: userId }, select: { tier: true } });
  return user && { tier: TIERS[user.tier] };
}
