import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';

/** Where keys come from and how patiently. */
export interface RemoteKeySetOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Older keys are fetched again, behind the back of those who use them. */
  readonly refreshMs: number;
  /** Told when another set has come than was known: what was verified by the old one is to be verified anew. */
  onChanged(): void;
  /** Told of each attempt that failed. */
  onFailure(error: unknown): void;
  readonly clock?: Clock;
}

/** A set of keys has a few kilobytes. */
const MAX_BYTES = 1024 * 1024;
/** A token that names an unknown key has the set fetched, at most this often: anyone can make such tokens. */
const UNKNOWN_KEY_COOLDOWN_MS = 10_000;
/** After a failure nobody asks for so long. */
const FAILURE_PAUSE_MS = 5_000;

/**
 * The keys at a JWKS URL (RFC 7517). Once fetched they serve until others have come in their place, however long the
 * server that has them is away; what they don't cover is then neither right nor wrong.
 */
export class RemoteKeySet {
  readonly #options: RemoteKeySetOptions;
  readonly #clock: Clock;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;
  #text: string | null = null;
  #fetchedAtMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: RemoteKeySetOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#keys = createRemoteJWKSet(new URL(options.url), {
      timeoutDuration: options.timeoutMs,
      cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS,
      // Age is looked after here: jose would rather have no keys than old ones.
      cacheMaxAge: Number.POSITIVE_INFINITY,
      [customFetch]: (url, init) => this.#fetch(url, init),
    });
  }

  /** @throws JOSEError for a key that isn't in the set, SluiceError `IDENTITY_UNAVAILABLE` where that can't be known */
  readonly getKey: JWTVerifyGetKey = async (header, token) => {
    this.#refreshIfOld();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
        throw error;
      throw unavailable(error);
    }
  };

  #refreshIfOld(): void {
    const nowMs = this.#clock.nowMs();
    const isOld = this.#text !== null && nowMs - this.#fetchedAtMs >= this.#options.refreshMs;
    if (!isOld || nowMs < this.#pausedUntilMs || this.#keys.reloading) return;
    // Told by `onFailure`; the keys that are there serve on.
    this.#keys.reload().catch(() => undefined);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    if (this.#clock.nowMs() < this.#pausedUntilMs) throw new Error('The last attempt failed just now');
    try {
      const response = await fetch(url, init);
      if (response.status !== 200) throw new Error(`The JWKS server answers with ${response.status}`);
      const text = await readBounded(response);
      const keys: unknown = JSON.parse(text);
      if (!isKeySet(keys)) throw new Error('The JWKS server answers with something that is no set of keys');
      this.#fetchedAtMs = this.#clock.nowMs();
      const isChanged = this.#text !== null && this.#text !== text;
      this.#text = text;
      if (isChanged) this.#options.onChanged();
      return Response.json(keys);
    } catch (error) {
      this.#pausedUntilMs = this.#clock.nowMs() + FAILURE_PAUSE_MS;
      this.#options.onFailure(error);
      throw error;
    }
  }
}

function isKeySet(value: unknown): boolean {
  const keys = (value as { readonly keys?: unknown } | null)?.keys;
  return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error(`The JWKS server answers with more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unavailable(cause: unknown): SluiceError {
  return new SluiceError(
    'IDENTITY_UNAVAILABLE',
    "The token can't be checked at present: the keys for it could not be fetched",
    { cause },
  );
}
