interface Model {
  readonly MUTANTS: readonly string[];
  readonly STILL_OK: readonly string[];
  runModel(options: {
    readonly mutant?: string | null;
    readonly steps: number;
    readonly seed?: number | null;
  }): {
    readonly total: number;
    readonly checks: number;
    readonly viol?: unknown;
    readonly coverage: Readonly<Record<string, number>>;
  };
}

// JavaScript, so that plain Node can run it for hours.
const model = (await import(new URL('./freshness-model.mjs', import.meta.url).href)) as Model;

// Caught within some hundred thousand steps; run-model.mjs runs all of them.
const QUICK_MUTANTS = [
  'noChain',
  'joinRunningDrain',
  'lookBeforeTime',
  'lookSkipsLocked',
  'noLease',
  'stampAfterRead',
];

describe('the model of freshness', () => {
  it('finds no read that answers what it may not', () => {
    const { checks, viol, coverage } = model.runModel({ steps: 150_000 });
    expect(viol).toBeUndefined();
    expect(checks).toBeGreaterThan(5_000);
    // What it is about did happen.
    const happenings = [
      'lookEmpty',
      'ownApplied',
      'epochBump',
      'failoverLostCmds',
      'lostCommits',
      'gapFloor',
    ];
    for (const name of happenings) expect(coverage[name]).toBeGreaterThan(0);
  });

  it.each(QUICK_MUTANTS)('catches a protocol without one of its rules: %s', (mutant) => {
    expect(model.MUTANTS).toContain(mutant);
    expect(model.runModel({ mutant, steps: 3_000_000 }).viol).toBeDefined();
  });
});
