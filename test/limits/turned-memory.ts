import { type BlockPolicy, NO_BLOCKS } from '../../src/limits/blocks/block-policy.js';
import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';
import type { LimiterSubject } from './limiter-contract.js';

/** A limiter in memory whose clock a test turns. */
export function openTurnedMemory(blocks: BlockPolicy = NO_BLOCKS): LimiterSubject {
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
}
