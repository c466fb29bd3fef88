/** When callers who don't heed their limits are shut out. */
export interface BlockPolicy {
  /** Violations within `windowMs` that block. 0: nobody is blocked. */
  readonly violations: number;
  readonly windowMs: number;
  readonly blockMs: number;
}

export const DEFAULT_BLOCK_POLICY: BlockPolicy = Object.freeze({
  violations: 10,
  windowMs: 3_600_000,
  blockMs: 86_400_000,
});

export const NO_BLOCKS: BlockPolicy = Object.freeze({ ...DEFAULT_BLOCK_POLICY, violations: 0 });
