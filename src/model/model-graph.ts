/**
 * Prisma's data model as a graph, as `generator sluice` emits it and everything below the binding reads
 * it. Names are Prisma's; `dbName` and `dbSchema` are PostgreSQL's.
 */
export interface ModelGraph {
  /** sha256 in hex of the emitted JSON: two graphs with one hash are the same. */
  readonly hash: string;
  readonly models: ReadonlyMap<string, Model>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

export interface EnumType {
  readonly name: string;
  /** PostgreSQL's type name and schema (null: the connection's search_path). */
  readonly dbName: string;
  readonly dbSchema: string | null;
  readonly values: readonly { readonly name: string; readonly dbName: string }[];
  readonly description: string | null;
}

export interface Model {
  readonly name: string;
  readonly dbName: string;
  readonly dbSchema: string | null;
  readonly kind: 'table' | 'view';
  readonly description: string | null;
  readonly columns: ReadonlyMap<string, Column>;
  readonly relations: ReadonlyMap<string, Relation>;
  /**
   * Column names of the identifying key: `@id`, `@@id`, for a table without either its first unique key that
   * can't be null, for a view what its `/// @sluice.key(a, b)` says. Null where there is none.
   */
  readonly primaryKey: readonly string[] | null;
  /** Every set of columns that identifies at most one row, the primary key first. */
  readonly uniques: readonly (readonly string[])[];
}

/** Prisma's scalar types, with `Enum` for a column of an enum. `Unsupported` columns are not in the graph. */
export type ColumnType =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Json'
  | 'Bytes'
  | 'Enum';

export interface Column {
  readonly name: string;
  readonly dbName: string;
  readonly type: ColumnType;
  /** Set exactly when `type` is `Enum`: a name in `ModelGraph.enums`. */
  readonly enumName: string | null;
  /**
   * The element's PostgreSQL type, ready for a cast, without the list's brackets: `int4`, `text`, `uuid`,
   * `varchar`, `bpchar`, `timestamp`, `timestamptz`, `date`, `time`, `numeric`, `jsonb`, `citext`, or for an
   * enum the quoted and qualified name. No length, no precision: a cast to `varchar(12)` would cut the
   * value that is looked for, and one to `numeric(10,2)` round it.
   */
  readonly pgType: string;
  readonly isList: boolean;
  readonly isNullable: boolean;
  /**
   * Never written: a view's column, one with `@default(dbgenerated())` without an expression, or one that
   * says `/// @sluice.generated`. Index facts know those that the schema does not tell.
   */
  readonly isReadOnly: boolean;
  readonly hasDefault: boolean;
  readonly description: string | null;
}

export interface Relation {
  readonly name: string;
  /** The model on the other side. */
  readonly target: string;
  /** Prisma's name of the relation, the same on both sides. */
  readonly relationName: string;
  readonly cardinality: 'one' | 'many';
  /** For `one`: whether it may be missing (an optional foreign key, the side without the key, or a view). */
  readonly isNullable: boolean;
  readonly link: RelationLink;
  readonly description: string | null;
}

/** How rows of both sides meet. Column names are Prisma's, in matching order. */
export type RelationLink =
  | {
      readonly kind: 'columns';
      /** Columns of the model that has the relation. */
      readonly local: readonly string[];
      /** Columns of the target, equal to `local`. */
      readonly foreign: readonly string[];
      /** Which side has the foreign key. */
      readonly keyOn: 'local' | 'foreign';
    }
  | {
      readonly kind: 'join';
      /** Prisma's implicit join table and its columns A and B. */
      readonly table: string;
      readonly tableSchema: string | null;
      readonly localJoinColumn: 'A' | 'B';
      readonly foreignJoinColumn: 'A' | 'B';
      /** The single key column on each side that the join table points to. */
      readonly local: readonly [string];
      readonly foreign: readonly [string];
    };
