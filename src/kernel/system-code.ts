/**
 * The code that Node (`ENOENT`) or PostgreSQL (`53100`) gave an error, or null. Not by `instanceof Error`: an
 * error of Node's own need not be one to code that runs in a context of its own, as under test.
 */
export function findSystemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
