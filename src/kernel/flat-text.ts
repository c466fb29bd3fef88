/**
 * The same text in one piece. One that was put together of others, or cut out of one, keeps those for as long as it lives.
 * It has to be well-formed: a lone surrogate would become another character.
 */
export function flattenText(text: string): string {
  return Buffer.from(text).toString();
}
