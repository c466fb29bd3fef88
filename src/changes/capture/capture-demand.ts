/** What reads ask of a model, beyond what its relations tell: makes their dependence on changes finer. */
export interface ModelDemand {
  /** Lists of columns whose rows are read by equality: filters with `eq` or `in`, look-ups by a unique key. */
  readonly slices: readonly (readonly string[])[];
  /** Columns that rows are filtered, ordered or summarised by. */
  readonly columns: readonly string[];
}

/** By model name; a model that is absent has no demand. */
export type CaptureDemand = ReadonlyMap<string, ModelDemand>;

export const NO_DEMAND: CaptureDemand = new Map();
