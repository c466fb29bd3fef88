import { type Clock, systemClock } from '../../kernel/clock.js';
import type { BlockRecord, Blocks } from '../blocks/blocks.js';

interface Block {
  readonly record: BlockRecord;
  /** By the limiter's clock, which isn't set. */
  readonly endMs: number;
}

export interface MemoryBlocksOptions {
  /** Beyond it the oldest are forgotten. Default: 100,000. */
  readonly maxBlocks?: number;
  /** A clock that never goes back; the limiter's. */
  readonly nowMs: () => number;
  readonly clock?: Clock;
}

/** The blocks of a node that is alone. They end with the process. */
export class MemoryBlocks implements Blocks {
  readonly #blocks = new Map<string, Block>();
  readonly #maxBlocks: number;
  readonly #nowMs: () => number;
  readonly #clock: Clock;

  constructor(options: MemoryBlocksOptions) {
    this.#maxBlocks = options.maxBlocks ?? 100_000;
    this.#nowMs = options.nowMs;
    this.#clock = options.clock ?? systemClock;
  }

  /** 0: not blocked. */
  findRemainingMs(subject: string): number {
    const block = this.#find(subject);
    return block === null || block.record.lifted !== null ? 0 : block.endMs - this.#nowMs();
  }

  block(subject: string, rules: readonly string[], blockMs: number): void {
    const blockedAtMs = this.#clock.nowMs();
    this.#blocks.delete(subject);
    this.#blocks.set(subject, {
      record: { subject, blockedAtMs, untilMs: blockedAtMs + blockMs, rules, lifted: null },
      endMs: this.#nowMs() + blockMs,
    });
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= this.#maxBlocks && this.#find(oldest) !== null) break;
      this.#blocks.delete(oldest);
    }
  }

  async list(most: number): Promise<readonly BlockRecord[]> {
    return [...this.#blocks.keys()]
      .flatMap((subject) => this.#find(subject) ?? [])
      .sort((a, b) => b.endMs - a.endMs)
      .slice(0, most)
      .map(({ record }) => record);
  }

  async findEnd(subject: string): Promise<number | null> {
    const remainingMs = this.findRemainingMs(subject);
    return remainingMs === 0 ? null : this.#clock.nowMs() + remainingMs;
  }

  async lift(subject: string, by: string): Promise<boolean> {
    const block = this.#find(subject);
    if (block === null || block.record.lifted !== null) return false;
    const record = { ...block.record, lifted: { atMs: this.#clock.nowMs(), by } };
    this.#blocks.set(subject, { ...block, record });
    return true;
  }

  /** Null: none, or one that has ended. */
  #find(subject: string): Block | null {
    const block = this.#blocks.get(subject);
    if (block === undefined || block.endMs > this.#nowMs()) return block ?? null;
    this.#blocks.delete(subject);
    return null;
  }
}
