import type { Answered } from './ask.js';
import type { History, Window } from './history.js';
import type { Read } from './reads.js';
import type { World } from './world/world.js';

/** One answer, and when it was asked for and came. */
export interface Observation {
  readonly read: Read;
  readonly node: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  /** The version that it must show, or a later one: of a write of this node's, or of the position that was sent. */
  readonly floor: number;
  readonly answer: Answered;
}

export interface Violation {
  readonly rule: 'stale' | "another viewer's" | 'cached error' | 'never committed';
  /** All that is known of it. */
  readonly text: string;
  /** Of the run: with it the same is tried again, though it needn't happen again. */
  readonly seed: number;
}

export interface JudgeOptions {
  readonly history: History;
  /** How long ago something must have been committed that every answer has to show. */
  readonly lagMs: number;
  readonly seed: number;
}

const OWNER = /of (\d+):/g;
const MAX_TOLD = 4;
const MAX_CHARACTERS = 400;
/** More than are committed while one answer is waited for. */
const KEPT_VERSIONS = 2_000;

/** Compares answers with what they may show. */
export class Judge {
  readonly #history: History;
  readonly #lagMs: number;
  readonly #seed: number;
  readonly #waiting: Observation[] = [];
  readonly #expected = new WeakMap<World, Map<string, readonly string[]>>();
  /** Of reads of which no two may be the same. */
  readonly #onlyOnce = new Set<string>();
  readonly violations: Violation[] = [];
  judged = 0;

  constructor({ history, lagMs, seed }: JudgeOptions) {
    this.#history = history;
    this.#lagMs = lagMs;
    this.#seed = seed;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(observation: Observation): void {
    this.#waiting.push(observation);
  }

  /** Judges what can be: a read can't while it isn't known what had been committed. */
  run(): void {
    let done = 0;
    let least = Number.POSITIVE_INFINITY;
    for (const observation of this.#waiting) {
      const window = this.#history.findWindow({ ...observation, lagMs: this.#lagMs });
      if (window === null) break;
      this.#judge(observation, window);
      least = Math.min(least, window.least);
      done++;
    }
    this.#waiting.splice(0, done);
    // Those that wait were answered later, but may have been asked earlier than any of these.
    if (done > 0) this.#history.forgetBefore(least - KEPT_VERSIONS);
  }

  #judge(observation: Observation, window: Window): void {
    const { read, answer } = observation;
    const { errors } = answer.body;
    this.judged++;
    if (errors !== undefined && /\bhit\b|collapsed/.test(answer.cacheStatus))
      this.#report('cached error', observation, window);
    if (this.#isAnotherViewers(observation)) this.#report("another viewer's", observation, window);
    // Labelled as stale on purpose: then it is just nobody else's.
    if (/stale, since/.test(answer.cacheStatus)) return;
    const shown = read.show(answer.body).map((part) => JSON.stringify(part) ?? 'nothing');
    if (read.expect === null) {
      const text = shown.join();
      if (this.#onlyOnce.has(text)) this.#report('never committed', observation, window);
      this.#onlyOnce.add(text);
      return;
    }
    const isFresh = shown.every((part, n) =>
      window.versions.some(({ world }) => this.#expect(read, world)[n] === part),
    );
    if (!isFresh) this.#report('stale', observation, window);
  }

  #isAnotherViewers({ read, answer }: Observation): boolean {
    const text = JSON.stringify(answer.body);
    return [...text.matchAll(OWNER)].some(([, owner]) => Number(owner) !== read.viewer);
  }

  #expect(read: Read, world: World): readonly string[] {
    let known = this.#expected.get(world);
    if (known === undefined) {
      known = new Map();
      this.#expected.set(world, known);
    }
    let parts = known.get(read.key);
    if (parts === undefined) {
      parts = (read.expect?.(world) ?? []).map((part) => JSON.stringify(part) ?? 'nothing');
      known.set(read.key, parts);
    }
    return parts;
  }

  #report(rule: Violation['rule'], observation: Observation, window: Window): void {
    const { read, answer, node, askedAtMs, answeredAtMs, floor } = observation;
    const told = window.versions.slice(0, MAX_TOLD).map(({ world, ...times }) => {
      const { sentAtMs, committedByMs, undoneAtMs } = times;
      const expected = read.expect === null ? '' : this.#expect(read, world).join(' | ');
      return `  sent ${sentAtMs}, committed by ${committedByMs}, undone at ${undoneAtMs}: ${expected.slice(0, MAX_CHARACTERS)}`;
    });
    this.violations.push({
      rule,
      seed: this.#seed,
      text: [
        `${rule}: ${read.kind}, of node ${node}, for ${read.viewer ?? 'somebody'}: ${read.query}`,
        `asked at ${askedAtMs}, answered at ${answeredAtMs}, at least version ${floor}; ${answer.cacheStatus}`,
        `answer: ${JSON.stringify(answer.body).slice(0, MAX_CHARACTERS)}`,
        `versions ${window.least} to ${window.most}:`,
        ...told,
      ].join('\n'),
    });
  }
}
