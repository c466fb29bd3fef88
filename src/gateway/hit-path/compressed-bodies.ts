import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';

export type Encoding = 'br' | 'gzip';

/** What is sent of an entry: its bytes, and how they are encoded; null: plainly. */
export interface SentBody {
  readonly bytes: Buffer;
  readonly encoding: Encoding | null;
}

/** Compressed once and sent often, but computed beside other work. */
const BROTLI_QUALITY = 5;

const compressors = {
  br: (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  gzip: (body: Buffer) => promisify(gzip)(body),
} as const;

type Forms = { [Name in Encoding]?: Buffer | null };

/**
 * Compressed forms beside entries, gone with them. The first who could take one gets the plain bytes, while it is made.
 */
export class CompressedBodies {
  readonly #forms = new WeakMap<CacheEntry, Forms>();

  /** @param aboveBytes smaller bodies are sent plainly */
  constructor(private readonly aboveBytes: number) {}

  /** The best form at hand that the client takes, by its `Accept-Encoding`. */
  find(entry: CacheEntry, acceptEncoding: string | undefined): SentBody {
    const plain = { bytes: entry.body, encoding: null };
    if (acceptEncoding === undefined || entry.body.length < this.aboveBytes) return plain;
    const encoding = chooseEncoding(acceptEncoding);
    if (encoding === null) return plain;
    const forms = this.#forms.get(entry) ?? {};
    const bytes = forms[encoding];
    if (bytes === undefined) {
      this.#compress(entry, forms, encoding);
      return plain;
    }
    // Null: it is being made, or was no smaller.
    return bytes === null ? plain : { bytes, encoding };
  }

  #compress(entry: CacheEntry, forms: Forms, encoding: Encoding): void {
    forms[encoding] = null;
    this.#forms.set(entry, forms);
    compressors[encoding](entry.body).then(
      (bytes) => {
        if (bytes.length < entry.body.length) forms[encoding] = bytes;
      },
      () => {
        // Out of memory, at worst: it stays plain, which every client takes.
      },
    );
  }
}

/** Brotli before gzip; null where the client takes neither, or says more than a list of names. */
export function chooseEncoding(accept: string): Encoding | null {
  let hasGzip = false;
  for (const part of accept.split(',')) {
    const name = part.trim();
    if (name === 'br') return 'br';
    hasGzip ||= name === 'gzip';
  }
  return hasGzip ? 'gzip' : null;
}
