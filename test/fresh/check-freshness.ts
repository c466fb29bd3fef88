import { signDevelopmentToken } from '../../src/identity/development-token.js';
import { Random } from '../binding/agreement/random.js';
import { ask, hangUp, type KnownAnswer } from './ask.js';
import type { CheckOptions, CheckOutcome } from './check.js';
import type { Victim } from './faults.js';
import { History } from './history.js';
import { Judge } from './judge.js';
import { Nodes, type ReadNode } from './nodes.js';
import { isHuff, nextPage, pickRead, type Read, readsAbout } from './reads.js';
import { type Change, MOODS } from './world/change.js';
import { KEEPERS } from './world/world.js';
import { Writer } from './writer.js';

/** FRESHNESS promises it with the default of `SLUICE_CHANGES_MAX_LAG_MS`. */
const LAG_MS = 100;
const READERS_PER_NODE = 6;
const WRITERS = 2;
/** From one write of a writer to the next, on average, however fast the machine is: with fewer writes more is kept. */
const READS_PER_WRITE = 60;
/** Answers. */
const TOLD_EVERY = 50_000;
/** Wrong answers: more of them tell nothing new. */
const ENOUGH = 20;
const JWT_SECRET = 'a secret of the checker alone, of 40 characters';
const ENV = {
  PORT: '0',
  SLUICE_LOG_LEVEL: 'fatal',
  SLUICE_LIMITS: 'off',
  SLUICE_JOBS: 'off',
  // The server is shared with other tests.
  SLUICE_DATABASE_POOL_SIZE: '6',
  SLUICE_HTTP_GRAPHIQL: 'off',
  SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: '0',
  SLUICE_IDENTITY_JWT_SECRET: JWT_SECRET,
};

/** Reads, writes and breaks things at random, and compares every answer with what it may show. */
export async function checkFreshness(options: CheckOptions): Promise<CheckOutcome> {
  const check = new Check(options);
  return check.run();
}

/** The position of a write, to be sent with a read. */
interface Sent {
  readonly position: string;
  readonly place: number;
}

class Check {
  readonly #options: CheckOptions;
  readonly #random: Random;
  readonly #history: History;
  readonly #judge: Judge;
  readonly #nodes: Nodes;
  readonly #authorization: Readonly<Record<string, string>>[] = [];
  readonly #writers: Writer[];
  readonly #counts = { hits: 0, unchanged: 0, collapsed: 0, failed: 0 };
  /** By what is asked, and for whom. */
  readonly #known = new Map<string, KnownAnswer>();
  readonly #reads = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #next: Read[] = [];
  readonly #aside = new Set<Promise<void>>();
  #newest: Sent | null = null;
  readonly #victim: Victim;
  #silence: Promise<void> | null = null;
  #writing = 0;
  #asked = 0;
  #nextTold = TOLD_EVERY;
  #isOver = false;

  constructor(options: CheckOptions) {
    const { build, fresh, seed, sabotage } = options;
    const { world, databaseUrl } = fresh;
    this.#options = options;
    this.#random = new Random(seed);
    this.#history = new History(world);
    this.#judge = new Judge({ history: this.#history, lagMs: LAG_MS, seed });
    this.#nodes = new Nodes({
      ...{ build, sabotage, count: options.nodes },
      envOf: (node) => ({ ...ENV, DATABASE_URL: databaseUrl, REDIS_URL: fresh.redisUrlOf(node) }),
    });
    this.#victim = {
      ...{ nodes: this.#nodes, random: this.#random, history: this.#history },
      whileNobodyWrites: (work) => this.#whileNobodyWrites(work),
    };
    this.#writers = Array.from({ length: WRITERS }, (_, n) => {
      return new Writer({
        ...{ databaseUrl, history: this.#history, notes: world.notes },
        random: new Random(seed * 100 + n),
        pickNode: () => this.#nodes.pick(this.#random),
        onAsk: (node, change) => this.#readAside(node.number, change, null),
        onAnswered: ({ node, change, place, position }) => {
          this.#nodes.noteWrite(node.number, place);
          this.#readAside(node.number, change, null);
          if (position === null) return;
          this.#newest = { position, place };
          for (const number of this.#nodes.listOthers(node.number))
            this.#readAside(number, change, this.#newest);
        },
      });
    });
  }

  async run(): Promise<CheckOutcome> {
    for (let keeper = 1; keeper <= KEEPERS; keeper++) {
      const token = await signDevelopmentToken({ secret: JWT_SECRET, viewerId: String(keeper) });
      this.#authorization[keeper] = { authorization: `Bearer ${token}` };
    }
    this.#options.onProgress?.(`seed ${this.#options.seed}`);
    await this.#nodes.start();
    try {
      const readers = Array.from({ length: this.#options.nodes * READERS_PER_NODE }, () =>
        this.#keepReading(),
      );
      const writers = this.#writers.map((writer) => this.#keepWriting(writer));
      const faults = this.#keepBreaking();
      await Promise.all([...readers, ...writers, faults]);
      await Promise.all(this.#aside);
      this.#judge.run();
      return this.#tell();
    } finally {
      this.#isOver = true;
      await this.#nodes.close();
      await Promise.all(this.#writers.map((writer) => writer.close()));
      hangUp();
    }
  }

  async #keepReading(): Promise<void> {
    while (!this.#isOver) {
      await this.#readAnything();
      this.#judge.run();
      this.#tellProgress();
      const { sabotage, reads } = this.#options;
      const { judged, violations } = this.#judge;
      if (judged >= reads || violations.length >= (sabotage === undefined ? ENOUGH : 1)) this.#isOver = true;
    }
  }

  #tellProgress(): void {
    const { judged, violations } = this.#judge;
    if (judged < this.#nextTold) return;
    this.#nextTold = judged + TOLD_EVERY;
    const { seed, onProgress } = this.#options;
    onProgress?.(`seed ${seed}: ${judged} answers judged, ${violations.length} wrong`);
  }

  async #readAnything(): Promise<void> {
    const node = this.#nodes.pick(this.#random);
    const sent = this.#random.chance(0.2) ? this.#newest : null;
    if (node === null) await pause(10);
    else await this.#read(pickRead(this.#random, this.#next), node, sent);
  }

  /** What is just being changed; nobody waits for the answer. */
  #readAside(number: number, change: Change, sent: Sent | null): void {
    const node = this.#nodes.find(number);
    const read = this.#random.pickIfAny(readsAbout(change));
    if (node === null || read === undefined) return;
    const reading: Promise<void> = this.#read(read, node, sent).finally(() => this.#aside.delete(reading));
    this.#aside.add(reading);
  }

  async #read(read: Read, node: ReadNode, sent: Sent | null): Promise<void> {
    const floor = Math.max(node.floor, sent?.place ?? 0);
    const askedAtMs = performance.now();
    this.#asked++;
    try {
      const answer = await ask({
        url: node.url,
        query: read.query,
        known: this.#random.chance(0.15) ? this.#known.get(read.key) : undefined,
        headers: {
          ...(read.viewer === null ? {} : this.#authorization[read.viewer]),
          ...(sent === null ? {} : { 'sluice-position': sent.position }),
        },
      });
      if (answer.etag !== null) this.#known.set(read.key, { etag: answer.etag, body: answer.body });
      if (answer.status === 304) this.#counts.unchanged++;
      if (/\bhit\b/.test(answer.cacheStatus)) this.#counts.hits++;
      if (/collapsed/.test(answer.cacheStatus)) this.#counts.collapsed++;
      const isFailed = answer.body.errors !== undefined && !isHuff(answer.body);
      if (isFailed) this.#counts.failed++;
      if (isFailed && !/\bhit\b|collapsed/.test(answer.cacheStatus)) return;
      this.#count(read);
      const answeredAtMs = performance.now();
      this.#judge.add({ read, node: node.number, askedAtMs, answeredAtMs, floor, answer });
      if (read.kind === 'page') this.#noteCursor(read, answer.body.data.animals);
    } catch {
      // The node is gone, or was cut off.
      this.#counts.failed++;
      await pause(5);
    }
  }

  #count(read: Read): void {
    this.#reads.set(read.kind, (this.#reads.get(read.kind) ?? 0) + 1);
  }

  #noteCursor(read: Read, page: { nodes: { name: string }[]; pageInfo: { endCursor: string | null } }): void {
    const last = page.nodes.at(-1);
    const mood = MOODS.find((each) => read.query.includes(each));
    if (last === undefined || mood === undefined || page.pageInfo.endCursor === null) return;
    this.#next.unshift(nextPage(mood, page.pageInfo.endCursor, last.name));
    this.#next.length = Math.min(this.#next.length, MOODS.length);
  }

  async #keepWriting(writer: Writer): Promise<void> {
    while (!this.#isOver) {
      const next = this.#asked + this.#random.int(0, 2 * READS_PER_WRITE);
      while (!this.#isOver && this.#asked < next) await pause(2);
      await this.#silence;
      if (this.#isOver) return;
      this.#writing++;
      await writer.write().finally(() => this.#writing--);
    }
  }

  async #keepBreaking(): Promise<void> {
    const { faults = [], readsBetweenFaults = 1_000 } = this.#options;
    for (let n = 0; !this.#isOver && faults.length > 0; n++) {
      const until = this.#asked + readsBetweenFaults;
      while (!this.#isOver && this.#asked < until) await pause(20);
      const fault = faults[n % faults.length];
      if (this.#isOver || fault === undefined) return;
      await fault.strike(this.#victim);
      this.#faults.set(fault.name, (this.#faults.get(fault.name) ?? 0) + 1);
    }
  }

  /** Lets nobody write meanwhile: what is under way is over before. */
  async #whileNobodyWrites(work: () => Promise<void>): Promise<void> {
    let resume = (): void => undefined;
    this.#silence = new Promise((resolve) => {
      resume = resolve;
    });
    try {
      while (this.#writing > 0) await pause(5);
      await work();
    } finally {
      this.#silence = null;
      resume();
    }
  }

  #tell(): CheckOutcome {
    const writes = new Map<string, number>();
    for (const { done } of this.#writers) {
      for (const [way, count] of done) writes.set(way, (writes.get(way) ?? 0) + count);
    }
    return {
      seed: this.#options.seed,
      violations: this.#judge.violations,
      judged: this.#judge.judged,
      ...this.#counts,
      commits: this.#history.commits,
      undone: this.#history.undone,
      reads: this.#reads,
      writes,
      faults: this.#faults,
    };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
