import { badUserInput, parseGlobalId } from '../../index.js';

/** Keys of the shop's tables are int4. */
const MAX_KEY = 2_147_483_647;

/**
 * The key in a global id of type `typeName`.
 *
 * @throws `BAD_USER_INPUT` where `id` is no global id, or one of another type
 */
export function parseKey(path: readonly (string | number)[], id: string, typeName: string): number {
  const key = parseGlobalId(id, typeName, path);
  if (!/^\d{1,10}$/.test(key) || Number(key) > MAX_KEY)
    throw badUserInput(path, `is not a global id of type ${typeName}`);
  return Number(key);
}
