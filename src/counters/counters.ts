/** Counts columns up. What is added shows in the database within the flush interval, not at once. */
export interface Counters {
  /**
   * Resolves once the count waits where the end of this process doesn't lose it; at once while there is no such place.
   *
   * @param key the row's primary key
   * @param amount whole, 1 to 1,000,000
   * @throws TypeError for a counter that nobody defined; RangeError for an amount that can't be
   */
  add(counter: string, key: string | number | bigint, amount?: number): Promise<void>;
}

const MAX_AMOUNT = 1_000_000;

/** What is defined under the name. @throws TypeError, RangeError as `Counters.add` does */
export function findCounter<Target>(
  defined: ReadonlyMap<string, Target>,
  counter: string,
  amount: number,
): Target {
  const target = defined.get(counter);
  if (target === undefined)
    throw new TypeError(`There is no counter "${counter}": the app's counters name those that there are.`);
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > MAX_AMOUNT)
    throw new RangeError(`The counter ${counter} can't be counted up by ${amount}: 1 to ${MAX_AMOUNT}.`);
  return target;
}

/** Where an app has defined none. */
export const NO_COUNTERS: Counters = {
  add: async (counter, _key, amount = 1) => {
    findCounter(new Map(), counter, amount);
  },
};
