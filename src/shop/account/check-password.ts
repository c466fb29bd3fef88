import type { PrismaClient } from '../../generated/prisma/client.js';
import { badUserInput, SluiceError } from '../../index.js';
import { parseText } from '../input/text-input.js';
import { verifyPassword } from './password.js';

/** The longest that an email address may be (RFC 5321: 64 for the part before the @, 255 for the domain). */
const MAX_EMAIL_LENGTH = 320;
/** Whatever is longer is no password, and would only be work. */
const MAX_PASSWORD_LENGTH = 1_000;

/**
 * The key of the user whose email address and password these are.
 *
 * @throws `UNAUTHENTICATED`, the same after the same work, whether the address is unknown, its user has no password, or
 *   the password is wrong; `BAD_USER_INPUT`
 */
export async function checkPassword(
  prisma: PrismaClient,
  input: { readonly email: string; readonly password: string },
): Promise<number> {
  const email = parseText(['input', 'email'], input.email, { min: 1, max: MAX_EMAIL_LENGTH }).toLowerCase();
  if (input.password.length > MAX_PASSWORD_LENGTH)
    throw badUserInput(['input', 'password'], `must have at most ${MAX_PASSWORD_LENGTH} characters`);
  const user = await prisma.user.findUnique({ where: { email }, select: { id: true, passwordHash: true } });
  const isRight = await verifyPassword(input.password, user?.passwordHash ?? null);
  if (user === null || !isRight)
    throw new SluiceError('UNAUTHENTICATED', 'There is no customer with this email address and password.');
  return user.id;
}
