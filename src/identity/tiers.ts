import { SluiceError } from '../kernel/sluice-error.js';
import { didYouMean } from '../kernel/suggestion.js';
import { ANONYMOUS } from './viewer.js';

/** How many requests within how long; the window slides. */
export interface TierWindow {
  readonly limit: number;
  readonly seconds: number;
}

/** What viewers of one tier may do and spend. Plain data; an app lists its own. */
export interface TierDefinition {
  readonly name: string;
  /** Requests. All of them hold at once; none: as many as there are. */
  readonly windows: readonly TierWindow[];
  /** Points that operations may cost together in any 60 seconds. */
  readonly costPerMinute: number;
  /** Points that one operation may cost. */
  readonly maxOperationCost: number;
  /** Sees rows that belong to others, too. Default: false. */
  readonly isStaff?: boolean;
}

const HOUR = 3_600;
const MINUTE = 60;

/** From the least to the most trusted. */
export const DEFAULT_TIERS: readonly TierDefinition[] = [
  {
    name: 'anonymous',
    windows: [
      { limit: 50, seconds: HOUR },
      { limit: 20, seconds: MINUTE },
    ],
    costPerMinute: 2_000,
    maxOperationCost: 1_000,
  },
  {
    name: 'authenticated',
    windows: [
      { limit: 200, seconds: HOUR },
      { limit: 60, seconds: MINUTE },
    ],
    costPerMinute: 10_000,
    maxOperationCost: 5_000,
  },
  {
    name: 'premium',
    windows: [
      { limit: 1_000, seconds: HOUR },
      { limit: 120, seconds: MINUTE },
    ],
    costPerMinute: 50_000,
    maxOperationCost: 10_000,
  },
  {
    name: 'staff',
    windows: [
      { limit: 5_000, seconds: HOUR },
      { limit: 300, seconds: MINUTE },
    ],
    costPerMinute: 500_000,
    maxOperationCost: 100_000,
    isStaff: true,
  },
];

/** An app's tiers, checked. */
export class Tiers {
  /** From the least to the most trusted. */
  readonly all: readonly TierDefinition[];
  readonly #ranks: ReadonlyMap<string, number>;

  /**
   * @param definitions from the least trusted, which is the anonymous callers', to the most
   * @throws SluiceError `CONFIG_INVALID` naming the first thing that can't be
   */
  constructor(definitions: readonly TierDefinition[] = DEFAULT_TIERS) {
    this.all = definitions;
    this.#ranks = new Map(definitions.map(({ name }, rank) => [name, rank]));
    if (this.#ranks.size < definitions.length) throw invalid('two tiers have one name');
    if (definitions[0]?.name !== ANONYMOUS.tier) throw invalid(`the first tier must be "${ANONYMOUS.tier}"`);
    for (const tier of definitions) checkTier(tier);
  }

  get names(): readonly string[] {
    return [...this.#ranks.keys()];
  }

  /** Null where there is none of this name. */
  find(name: string): TierDefinition | null {
    const rank = this.#ranks.get(name);
    return rank === undefined ? null : (this.all[rank] ?? null);
  }

  /** Whether a viewer of `tier` may do what `required` may. A tier that isn't known may nothing. */
  isAtLeast(tier: string, required: string): boolean {
    const rank = this.#ranks.get(tier);
    const least = this.#ranks.get(required);
    return rank !== undefined && least !== undefined && rank >= least;
  }

  /** For a fault in a file: what is wrong with a name that isn't one of a tier. */
  explainUnknown(name: string): string {
    return `there is no tier "${name}"${didYouMean(name, this.names)}`;
  }
}

/** Longest window. */
const MAX_SECONDS = 31 * 86_400;
const MAX_COUNT = 1_000_000_000;

function checkTier({ name, windows, costPerMinute, maxOperationCost }: TierDefinition): void {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name))
    throw invalid(`"${name}" is not a name of letters, digits, _ and -`);
  for (const { limit, seconds } of windows) {
    if (!isCount(limit) || !Number.isSafeInteger(seconds) || seconds < 1 || seconds > MAX_SECONDS)
      throw invalid(`${name}: a window is ${limit} requests in ${seconds} seconds (1 to ${MAX_SECONDS})`);
  }
  if (!isCount(costPerMinute)) throw invalid(`${name}: costPerMinute is ${costPerMinute}`);
  if (!isCount(maxOperationCost)) throw invalid(`${name}: maxOperationCost is ${maxOperationCost}`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_COUNT;
}

function invalid(what: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `The app's tiers can't be used: ${what}`);
}
