/** Whether a value is what tokens and keys may carry as one scope: a scope-token of RFC 6749, 3.3. */
export function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(value);
}
