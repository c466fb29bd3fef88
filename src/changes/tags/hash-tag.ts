/**
 * 32 bits of a tag's text, well mixed in every bit: entries keep these in place of texts, and a node's index takes the
 * low bits. FNV-1a over UTF-16 units, with the finalizer of MurmurHash3, since FNV's own low bits depend on the low
 * bits of the text alone. Two tags with one hash void too much, never too little.
 */
export function hashTag(tag: string): number {
  return hashTagIn(tag, 0, tag.length);
}

/** As `hashTag`, for a tag that stands in a longer text. */
export function hashTagIn(text: string, begin: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = begin; index < end; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Sorted, each once. */
export function hashTags(tags: readonly string[]): Uint32Array {
  return Uint32Array.from(new Set(tags.map(hashTag))).sort();
}
