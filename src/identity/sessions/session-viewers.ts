import { BoundedCache } from '../../kernel/bounded-cache.js';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Tiers } from '../tiers.js';
import type { Viewer } from '../viewer.js';

/** What an app says of one of its viewers. */
export interface LoadedViewer {
  /** One of the app's tiers. */
  readonly tier: string;
  readonly scopes?: readonly string[];
}

export interface SessionViewersOptions {
  /** Null: there is nobody of this id, or nobody who may be signed in any more. */
  loadViewer(id: string): Promise<LoadedViewer | null>;
  readonly tiers: Tiers;
  /** How long an answer is used. */
  readonly ttlMs: number;
  readonly clock?: Clock;
}

const MAX_VIEWERS = 10_000;

/**
 * What those who have signed in may do, asked of the app again and again: a session lives on for days, while a tier may
 * be taken from its viewer at any time.
 */
export class SessionViewers {
  readonly #options: SessionViewersOptions;
  readonly #known: BoundedCache<Viewer>;
  readonly #pending = new Map<string, Promise<Viewer | null>>();

  constructor(options: SessionViewersOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.#known = new BoundedCache({ maxEntries: MAX_VIEWERS, maxWeight: MAX_VIEWERS, clock });
  }

  /** @throws SluiceError `CONFIG_INVALID` where the app names a tier that there isn't */
  async find(id: string): Promise<Viewer | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const pending = this.#pending.get(id) ?? this.#load(id).finally(() => this.#pending.delete(id));
    this.#pending.set(id, pending);
    return pending;
  }

  async #load(id: string): Promise<Viewer | null> {
    const { loadViewer, tiers, ttlMs } = this.#options;
    const loaded = await loadViewer(id);
    if (loaded === null) return null;
    const { tier, scopes = [] } = loaded;
    if (tiers.find(tier) === null)
      throw new SluiceError(
        'CONFIG_INVALID',
        `The app's loadViewer gives a tier: ${tiers.explainUnknown(tier)}`,
      );
    const viewer = Object.freeze({ id, tier, scopes: Object.freeze([...scopes]), isAuthenticated: true });
    this.#known.set(id, viewer, { weight: 1, ttlMs });
    return viewer;
  }
}
