/**
 * A place in the change log. Ids are drawn from a sequence of PostgreSQL and compare only within one epoch, which is
 * PostgreSQL's timeline as Sluice sees it: after a crash or a restore that may have undone commits there is a new one.
 */
export interface Position {
  readonly epoch: string;
  /** 0: before every change of the epoch. Below 2^53. */
  readonly id: number;
}

/** Before every change, in no epoch: what a node knows that has read nothing yet. */
export const NOWHERE: Position = { epoch: '', id: 0 };

/** Whether one who has applied `reached` has seen all that `wanted` asks for. */
export function includes(reached: Position, wanted: Position): boolean {
  return reached.epoch === wanted.epoch && reached.id >= wanted.id;
}
