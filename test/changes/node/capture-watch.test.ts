import { CaptureWatch } from '../../../src/changes/node/capture-watch.js';
import { until } from '../../embedded/until.js';

let uncaptured: readonly string[] | Error;
let nowMs: number;
let looks: number;
let voided: string[];
let lost: string[];
let failures: unknown[];
let watch: CaptureWatch;
/** Whether the model counts as captured at the moment in which it is voided. */
let isTrustedMeanwhile: boolean;

beforeEach(() => {
  [uncaptured, nowMs, looks, voided, lost, failures] = [[], 0, 0, [], [], []];
  watch = new CaptureWatch({
    uncaptured: null,
    findUncaptured: async () => {
      looks++;
      if (uncaptured instanceof Error) throw uncaptured;
      return uncaptured;
    },
    voidModels: async (models) => {
      isTrustedMeanwhile = models.some((model) => watch.isCaptured(model));
      voided.push(...models);
    },
    intervalMs: 1_000,
    nowMs: () => nowMs,
    onFailure: (error) => failures.push(error),
    onUncaptured: (models) => lost.push(...models),
  });
});

describe('a watch over capture', () => {
  it('takes nothing for captured before it has looked', async () => {
    expect(watch.isCaptured('Animal')).toBe(false);
    await watch.look();
    expect(watch.isCaptured('Animal')).toBe(true);
    expect(watch.uncaptured).toEqual([]);
  });

  it('looks no more often than it should', async () => {
    watch.lookIfDue();
    watch.lookIfDue();
    expect(looks).toBe(1);
    await until('the look to end', () => watch.isCaptured('Animal'));
    nowMs = 999;
    watch.lookIfDue();
    expect(looks).toBe(1);
    nowMs = 1_000;
    watch.lookIfDue();
    expect(looks).toBe(2);
  });

  it('names a model once that is not captured any more, and voids it before it counts again', async () => {
    uncaptured = ['Keeper'];
    await watch.look();
    uncaptured = ['Keeper', 'Animal'];
    await watch.look();
    await watch.look();
    expect(lost).toEqual(['Keeper', 'Animal']);
    expect(watch.uncaptured).toEqual(['Keeper', 'Animal']);
    expect(watch.isCaptured('Animal')).toBe(false);
    expect(voided).toEqual([]);
    uncaptured = ['Keeper'];
    await watch.look();
    expect(voided).toEqual(['Animal']);
    expect(isTrustedMeanwhile).toBe(false);
    expect(watch.isCaptured('Animal')).toBe(true);
    expect(watch.isCaptured('Keeper')).toBe(false);
  });

  it('keeps to what it knows when a look fails', async () => {
    uncaptured = ['Keeper'];
    await watch.look();
    uncaptured = new Error('no database');
    await watch.look();
    expect(failures).toEqual([uncaptured]);
    expect(watch.uncaptured).toEqual(['Keeper']);
    expect(watch.isCaptured('Animal')).toBe(true);
  });
});
