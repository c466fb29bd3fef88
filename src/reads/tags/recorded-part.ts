import type { Position } from '../../changes/position.js';

/** Something that was kept before, in an answer that is recorded: all that it depends on, the answer depends on. */
export interface RecordedPart {
  readonly stamp: Position;
  readonly tagHashes: Uint32Array;
  readonly modelHashes: Uint32Array;
  /** Since 1970: how long it may be kept at most. */
  readonly freshUntilMs: number;
}
