/** `may-have-written`: nobody can tell, as with raw SQL, or a write that failed. */
export type WriteCause = 'wrote' | 'may-have-written';

/** What the writes of an operation came to, for whoever answers it. */
export interface NotedWrites {
  readonly cause: WriteCause;
  /** False: some were still running when the time was up. */
  readonly areDone: boolean;
}

/** The one that says more. */
export function strongerCause(one: WriteCause | null, other: WriteCause | null): WriteCause | null {
  return one === 'wrote' || other === 'wrote' ? 'wrote' : (one ?? other);
}

/**
 * Notes what one request writes. An operation may end before its writes do: where a field fails, its siblings are
 * not waited for.
 */
export class RequestWrites {
  private hasBegun = false;
  private hasWritten = false;
  private cause: WriteCause | null = null;
  private readonly running = new Set<Promise<void>>();

  /** @param onWrite called when a write has ended, well or not: what was read before may be outdated */
  constructor(private readonly onWrite: () => void) {}

  /** Whether anything was begun that writes or may; stays true. */
  get haveBegun(): boolean {
    return this.hasBegun;
  }

  /** Whether something was begun that writes for sure; stays true. */
  get haveWritten(): boolean {
    return this.hasWritten;
  }

  /** To be called when something is begun that writes or may. */
  begin(cause: WriteCause): void {
    this.hasBegun = true;
    this.hasWritten ||= cause === 'wrote';
  }

  /** Follows work to its end; only then is it known what it was. `findCause` gives null for one that only read. */
  track<Result>(work: Promise<Result>, findCause: () => WriteCause | null): Promise<Result> {
    // That it failed may mean that it was undone, or that only its answer was lost.
    const end: Promise<void> = work
      .then(findCause, () => findCause() && 'may-have-written')
      .then((cause) => {
        this.running.delete(end);
        if (cause === null) return;
        this.cause = strongerCause(this.cause, cause);
        this.onWrite();
      });
    this.running.add(end);
    return work;
  }

  /** What was written since the last call, once it has ended or `timeoutMs` are over. Null: nothing. */
  async take(timeoutMs: number): Promise<NotedWrites | null> {
    const areDone = this.running.size === 0 || (await endsWithin(Promise.all(this.running), timeoutMs));
    const cause = areDone ? this.cause : strongerCause(this.cause, 'may-have-written');
    this.cause = null;
    return cause === null ? null : { cause, areDone };
  }
}

function endsWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    void work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
