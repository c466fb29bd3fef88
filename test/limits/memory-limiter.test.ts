import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';
import { describeLimiter } from './limiter-contract.js';

describe('a limiter in memory', () => {
  describeLimiter(async ({ blocks }) => {
    let now = 0;
    const limiter = new MemoryLimiter({ blocks, nowMs: () => now });
    return {
      limiter,
      blocks: limiter.blocks,
      setNow: async (nowMs) => {
        now = nowMs;
      },
      remove: async () => {},
    };
  });
});
