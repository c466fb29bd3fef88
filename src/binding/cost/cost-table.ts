/** What the fields of an API cost and what limits they have, read once at start. */
export interface CostTable {
  /** By object type, then by field. Types and fields of introspection are not in it. */
  readonly types: ReadonlyMap<string, ReadonlyMap<string, FieldCost>>;
  /** Whether any field has a limit of its own. */
  readonly hasLimits: boolean;
}

/** What one field of an object type costs. */
export interface FieldCost {
  /** For each object (or leaf) that it returns. */
  readonly weight: number;
  /** Beside it, by the object's type, where that is known only in the end; null where it is known. */
  readonly memberWeights: ReadonlyMap<string, number> | null;
  /** Null: it returns one. */
  readonly size: ListSize | null;
  /** Fields of the returned object that hold this field's list: they have its size. */
  readonly sizedFields: readonly string[];
  /** What a page costs at least for each of its rows, whatever is selected of it; 0: the field returns no page. */
  readonly pageWeight: number;
  /** Of arguments that cost something where they are given. */
  readonly argumentWeights: ReadonlyMap<string, number>;
  readonly limit: FieldLimit | null;
}

/** How long a list is, or may be. */
export interface ListSize {
  /** Names of arguments that say so: the largest counts. One whose value is a list says it by its length. */
  readonly slicingArguments: readonly string[];
  /** Where no slicing argument is given. */
  readonly assumedSize: number;
  /** The list can't be longer than this, as the engine refuses to ask for more. */
  readonly maxSize: number;
  /** Each item of a list of lists, too, is one of so many. 1: there are no such lists. */
  readonly innerSize: number;
  readonly requiresOneArgument: boolean;
}

/** How often a field may be resolved for one caller. */
export interface FieldLimit {
  /** `Query.search`: each coordinate has a count of its own. */
  readonly coordinate: string;
  readonly durationSeconds: number;
  /** By tier; all tiers are there. */
  readonly limits: Readonly<Record<string, number>>;
}
