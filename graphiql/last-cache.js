// What the cache had to do with the last answer, and whether anybody looks at that.
let current = { watchers: 0, status: null, told: null };
const listeners = new Set();

function change(next) {
  current = { ...current, ...next };
  for (const listener of listeners) listener();
}

export const lastCache = {
  get: () => current,
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** While somebody watches, requests ask for explanations. Gives what ends that. */
  watch() {
    change({ watchers: current.watchers + 1 });
    return () => change({ watchers: current.watchers - 1 });
  },
  note: (status, told) => change({ status, told }),
};
