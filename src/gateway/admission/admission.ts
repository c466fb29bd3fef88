import type { Tiers } from '../../identity/tiers.js';
import type { Config } from '../../kernel/config/config.js';
import { OverloadedError } from './overloaded-error.js';
import { type Waiter, WaitingLine } from './waiting-line.js';

/** To be called when all that was let in is done. Calling it again does nothing. */
export type Leave = () => void;

/** Who wants to come in. */
export interface Entrant {
  /** The same for all requests of one caller. */
  readonly caller: string;
  readonly tier: string;
  /** Operations of the request: those of a batch run at once. Default: 1. */
  readonly operations?: number;
  /** Ends the waiting: the client is gone. */
  readonly signal?: AbortSignal;
}

export interface AdmissionOptions {
  readonly limits: Config['admission'];
  readonly tiers: Pick<Tiers, 'names'>;
  /** How late the event loop is at present, in milliseconds; null: nobody looks. */
  readonly lag?: { readonly lagMs: number } | null;
}

interface Waiting extends Waiter {
  readonly admit: () => void;
  readonly refuse: (error: OverloadedError) => void;
}

/**
 * Lets in so many operations at a time, of one caller and of all together, and has a few more wait: the most trusted come
 * in first. What can't wait is refused before it costs anything, so that those who were let in are served.
 */
export class Admission {
  readonly #limits: Config['admission'];
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #lag: { readonly lagMs: number } | null;
  readonly #line: WaitingLine<Waiting>;
  /** By caller; who has nothing in flight isn't there. */
  readonly #inFlightOf = new Map<string, number>();
  #inFlight = 0;

  constructor({ limits, tiers, lag = null }: AdmissionOptions) {
    this.#limits = limits;
    this.#ranks = new Map(tiers.names.map((name, rank) => [name, rank]));
    this.#lag = lag;
    this.#line = new WaitingLine(limits.maxQueued);
  }

  /** Operations that were let in and have not left. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that wait. */
  get queued(): number {
    return this.#line.length;
  }

  /**
   * Waits to be let in.
   *
   * @throws OverloadedError (`OVERLOADED`) where the line is full, waiting took too long, or the process can't keep up
   */
  async enter(entrant: Entrant): Promise<Leave> {
    const leave = this.tryEnter(entrant);
    if (leave !== null) return leave;
    const waiter = this.#toWaiter(entrant);
    await this.#wait(waiter, entrant.signal);
    return this.#createLeave(waiter);
  }

  /**
   * As `enter`, at once. Null: there is no room just now.
   *
   * @throws OverloadedError where the process can't keep up
   */
  tryEnter(entrant: Entrant): Leave | null {
    const waiter = this.#toWaiter(entrant);
    this.#refuseIfLate(waiter.rank);
    if (!this.#mayEnter(waiter)) return null;
    this.#count(waiter.caller, waiter.operations);
    return this.#createLeave(waiter);
  }

  #toWaiter({ caller, tier, operations = 1 }: Entrant): Waiter {
    const { maxPerCaller, maxPerNode } = this.#limits;
    return {
      caller,
      // A tier that isn't known is trusted least.
      rank: this.#ranks.get(tier) ?? 0,
      // A batch of more than may run at all has the place to itself.
      operations: Math.min(operations, maxPerCaller, maxPerNode),
    };
  }

  #createLeave({ caller, operations }: Waiter): Leave {
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.#count(caller, -operations);
      this.#admitNext();
    };
  }

  #wait(waiter: Waiter, signal: AbortSignal | undefined): Promise<void> {
    const { maxWaitMs } = this.#limits;
    return new Promise((resolve, reject) => {
      const finish = (end: () => void) => () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        end();
      };
      const refuse = (error: OverloadedError) => finish(() => reject(error))();
      const waiting: Waiting = { ...waiter, admit: finish(resolve), refuse };
      const giveUp = () => {
        this.#line.remove(waiting);
        refuse(new OverloadedError('The client is gone', maxWaitMs));
      };
      const timer = setTimeout(() => {
        this.#line.remove(waiting);
        refuse(this.#overloaded(`waited for ${maxWaitMs} ms`));
      }, maxWaitMs);
      // It is the client's connection that keeps a process, not its waiting.
      timer.unref();
      if (signal?.aborted === true) {
        giveUp();
        return;
      }
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#line.add(waiting)?.refuse(this.#overloaded(`${this.#limits.maxQueued} others wait`));
    });
  }

  #admitNext(): void {
    for (;;) {
      const next = this.#findNext();
      // Nobody overtakes for asking less: who waits for much would wait for ever.
      if (next === null || this.#inFlight + next.operations > this.#limits.maxPerNode) return;
      this.#line.remove(next);
      this.#count(next.caller, next.operations);
      next.admit();
    }
  }

  #mayEnter(newcomer: Waiter): boolean {
    const hasRoom = this.#inFlight + newcomer.operations <= this.#limits.maxPerNode;
    if (!hasRoom || !this.#callerHasRoom(newcomer)) return false;
    const next = this.#findNext();
    return next === null || next.rank < newcomer.rank;
  }

  /** Who comes in next of those that no bound of their own holds up. */
  #findNext(): Waiting | null {
    if (this.#line.length === 0) return null;
    return this.#line.findNext(
      (waiter) => this.#callerHasRoom(waiter),
      (caller) => this.#inFlightOf.get(caller) ?? 0,
    );
  }

  #callerHasRoom({ caller, operations }: Waiter): boolean {
    return (this.#inFlightOf.get(caller) ?? 0) + operations <= this.#limits.maxPerCaller;
  }

  #count(caller: string, operations: number): void {
    this.#inFlight += operations;
    const ofCaller = (this.#inFlightOf.get(caller) ?? 0) + operations;
    if (ofCaller === 0) this.#inFlightOf.delete(caller);
    else this.#inFlightOf.set(caller, ofCaller);
  }

  /** The later the event loop, the more trust it takes. The most trusted may always try. */
  #refuseIfLate(rank: number): void {
    const { maxEventLoopLagMs, maxWaitMs } = this.#limits;
    if (this.#lag === null || maxEventLoopLagMs === 0) return;
    const { lagMs } = this.#lag;
    const required = Math.min(Math.floor(lagMs / maxEventLoopLagMs), this.#ranks.size - 1);
    if (rank >= required) return;
    throw new OverloadedError(
      `This server is ${Math.round(lagMs)} ms late with all it does (at most ${maxEventLoopLagMs} are allowed): ask again in a while`,
      maxWaitMs,
    );
  }

  #overloaded(what: string): OverloadedError {
    const { maxPerNode, maxPerCaller, maxWaitMs } = this.#limits;
    return new OverloadedError(
      `This server has as much to do as it takes on, ${maxPerNode} operations and ${maxPerCaller} of one caller (${what}): ask again in a while`,
      maxWaitMs,
    );
  }
}
