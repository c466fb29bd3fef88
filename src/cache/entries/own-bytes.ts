/**
 * Body and hashes in one piece of memory that holds nothing else: two pieces cost more, and bytes as they came from a socket
 * would keep all that came with them.
 */
export function ownBytes(
  body: Buffer,
  hashes: Uint32Array,
): { readonly body: Buffer; readonly hashes: Uint32Array } {
  const memory = new ArrayBuffer(hashes.byteLength + body.length);
  const own = new Uint32Array(memory, 0, hashes.length);
  own.set(hashes);
  const bytes = Buffer.from(memory, hashes.byteLength, body.length);
  body.copy(bytes);
  return { body: bytes, hashes: own };
}
