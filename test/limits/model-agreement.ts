import fc from 'fast-check';
import type { Charge } from '../../src/limits/charge.js';
import type { Decision } from '../../src/limits/limiter.js';
import { ExactModel } from './exact-model.js';
import { CALLERS, type LimiterSubject, takeEach } from './limiter-contract.js';

/** One rule of a run; its windows are short, so that a run crosses many of their ends. */
interface Rule {
  readonly rule: string;
  readonly limit: number;
  readonly windowMs: number;
}

interface Step {
  /** From the last step; below 0: the clock is set back. */
  readonly passMs: number;
  readonly mode: 'take' | 'peek';
  readonly operations: readonly (readonly {
    readonly rule: number;
    readonly caller: number;
    readonly share: number;
  }[])[];
}

export interface Run {
  readonly rules: readonly Rule[];
  readonly steps: readonly Step[];
}

const WINDOWS_MS = [1_000, 6_000, 60_000] as const;

/** Of limits that are kept as logs, as sub-buckets, or as both. */
export function arbitraryRun(options: {
  readonly hasClockSteps: boolean;
  readonly limits: 'log' | 'any';
}): fc.Arbitrary<Run> {
  const limit =
    options.limits === 'log'
      ? fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 900, max: 1_000 }))
      : fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1_001, max: 5_000 }));
  const rules = fc
    .array(fc.record({ limit, windowMs: fc.constantFrom(...WINDOWS_MS) }), { minLength: 1, maxLength: 4 })
    .map((all) => all.map((each, n): Rule => ({ rule: `rule-${n}:${each.windowMs}`, ...each })));
  const passMs = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }) },
    // To the very ends of windows, and one off.
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...WINDOWS_MS), fc.integer({ min: -1, max: 1 }))
        .map(([a, b]) => a + b),
    },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
    ...(options.hasClockSteps ? [{ weight: 2, arbitrary: fc.integer({ min: -70_000, max: -1 }) }] : []),
  );
  const charge = fc.record({
    rule: fc.nat(3),
    caller: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) }),
    // Of the limit, and a little: mostly small, at times all or too much.
    share: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(0, 0.001, 0.1, 0.34) },
      { weight: 1, arbitrary: fc.constantFrom(0.99, 1, 1.1) },
    ),
  });
  const step = fc.record({
    passMs,
    mode: fc.oneof(
      { weight: 5, arbitrary: fc.constant('take' as const) },
      { weight: 1, arbitrary: fc.constant('peek' as const) },
    ),
    operations: fc.array(fc.array(charge, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  });
  return fc.record({ rules, steps: fc.array(step, { minLength: 10, maxLength: 60 }) });
}

/** What was decided in a run, so that one in which nothing was ever denied counts for nothing. */
export interface Tally {
  granted: number;
  denied: number;
}

/** Carries a run out and compares every decision with the model. */
export async function compareWithModel(
  { rules, steps }: Run,
  subject: LimiterSubject,
  tally: Tally,
): Promise<void> {
  const model = new ExactModel();
  let nowMs = 1_790_000_000_000;
  for (const { passMs, mode, operations } of steps) {
    nowMs += passMs;
    await subject.setNow(nowMs);
    const asked = operations.map((parts) => ({
      subject: null,
      charges: parts.map(({ rule: index, caller, share }): Charge => {
        const rule = rules[index % rules.length]!;
        const amount = share === 0 ? 0 : Math.max(1, Math.floor(rule.limit * share));
        return { ...rule, key: CALLERS[caller]!, amount, onLoss: 'open' };
      }),
    }));
    // All of a step at once, so that they share a call.
    const decisions =
      mode === 'take'
        ? await takeEach(subject.limiter, asked)
        : await Promise.all(asked.map((each) => subject.limiter.peek(each)));
    for (const [n, { charges }] of asked.entries())
      compare(model, { charges, mode, nowMs, decision: decisions[n]! }, tally);
  }
}

function compare(
  model: ExactModel,
  step: {
    readonly charges: readonly Charge[];
    readonly mode: 'take' | 'peek';
    readonly nowMs: number;
    readonly decision: Decision;
  },
  tally: Tally,
): void {
  const { charges, mode, nowMs, decision } = step;
  if (mode === 'take') for (const charge of charges) model.setBack(charge, nowMs);
  const pending = new Map<string, number>();
  for (const [n, charge] of charges.entries()) {
    const name = JSON.stringify([charge.key, charge.rule]);
    const before = pending.get(name) ?? 0;
    const { hasRoom } = decision.charges[n]!;
    const verdict = model.judge(charge, nowMs, before);
    if (verdict === (hasRoom ? 'must-deny' : 'must-grant')) throw new Error(`charge ${n} ${verdict}`);
    if (hasRoom) pending.set(name, before + charge.amount);
  }
  const isGranted = decision.charges.every(({ hasRoom }) => hasRoom);
  if (decision.outcome !== (isGranted ? 'granted' : 'limited')) throw new Error(`it is ${decision.outcome}`);
  if (isGranted) tally.granted++;
  else tally.denied++;
  if (mode === 'take' && isGranted) for (const charge of charges) model.grant(charge, nowMs);
  for (const { charge, remaining } of decision.charges) {
    const { least, most } = model.used(charge, nowMs);
    const isWithin = remaining >= charge.limit - most && remaining <= Math.max(0, charge.limit - least);
    if (!isWithin)
      throw new Error(`${remaining} left of ${charge.limit}, of which ${least} to ${most} are used`);
  }
}
