import type { Random } from '../binding/agreement/random.js';
import type { NodeBuild, NodeOptions, NodeProcess } from './node/node-process.js';

export interface NodesOptions extends Pick<NodeOptions, 'sabotage'> {
  readonly build: NodeBuild;
  readonly count: number;
  readonly envOf: (node: number) => NodeOptions['env'];
}

/** A node's place, whichever process is in it. */
interface Seat {
  readonly number: number;
  /** Null: it is down. */
  process: NodeProcess | null;
  /** The last version whose write was answered here. */
  floor: number;
}

export interface ReadNode {
  readonly number: number;
  readonly url: string;
  readonly floor: number;
}

/** All gateways of a check. */
export class Nodes {
  readonly #options: NodesOptions;
  readonly #seats: readonly Seat[];
  #isClosed = false;

  constructor(options: NodesOptions) {
    this.#options = options;
    this.#seats = Array.from({ length: options.count }, (_, number) => ({ number, process: null, floor: 0 }));
  }

  async start(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => this.#start(seat)));
  }

  /** One that is up; null: none is. */
  pick(random: Random): ReadNode | null {
    const seat = random.pickIfAny(this.#seats.filter(({ process }) => process !== null));
    return seat === undefined ? null : this.find(seat.number);
  }

  /** Null: it is down. */
  find(number: number): ReadNode | null {
    const seat = this.#seats[number];
    return seat?.process ? { number, url: seat.process.url, floor: seat.floor } : null;
  }

  listOthers(number: number): readonly number[] {
    return this.#seats.map((seat) => seat.number).filter((other) => other !== number);
  }

  /** What a node has answered it has to show from then on, also the one that takes its place. */
  noteWrite(number: number, place: number): void {
    const seat = this.#seats[number];
    if (seat !== undefined) seat.floor = Math.max(seat.floor, place);
  }

  /** One stands still, and then goes on as though nothing had been. */
  async freezeOne(
    random: Random,
    ms: number,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<void> {
    const seat = random.pick(this.#seats);
    seat.process?.freeze();
    await Promise.all([meanwhile(), new Promise((resolve) => setTimeout(resolve, ms))]);
    seat.process?.thaw();
  }

  /** One is gone without a word, and another one takes its place. */
  async replaceOne(random: Random): Promise<void> {
    const seat = random.pick(this.#seats);
    const { process } = seat;
    seat.process = null;
    await process?.kill();
    await this.#start(seat);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#seats.map(({ process }) => process?.kill()));
  }

  async #start(seat: Seat): Promise<void> {
    const { build, envOf, sabotage } = this.#options;
    const process = await build.start({ env: envOf(seat.number), sabotage });
    if (this.#isClosed) await process.kill();
    else seat.process = process;
  }
}
