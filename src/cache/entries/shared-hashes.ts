/** Lists that are remembered: there are about as many as there are operations. */
const MAX_LISTS = 1_000;

const lists = new Map<string, Uint32Array>();

/** The same object for the same hashes: the models of an answer are those of many, and an array costs more than it holds. */
export function shareHashes(hashes: Uint32Array): Uint32Array {
  const name = hashes.join();
  const known = lists.get(name);
  if (known !== undefined) return known;
  if (lists.size >= MAX_LISTS) lists.clear();
  lists.set(name, hashes);
  return hashes;
}
