import { createHook } from 'node:async_hooks';

/** Counts how often node:crypto is asked for scrypt from now on. */
export function countDerivations(): { stop(): number } {
  let count = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'SCRYPTREQUEST') count += 1;
    },
  }).enable();
  return {
    stop() {
      hook.disable();
      return count;
    },
  };
}
