import type { GraphQLObjectType } from 'graphql';
import type { Column, Model, Relation } from '../model/model-graph.js';
import type { Condition } from '../reads/condition.js';
import type { Row, RowValue } from '../reads/row.js';
import type { Aggregate, OrderTerm } from '../reads/row-reader.js';
import type { Authorization } from './authorization/authorization.js';

/**
 * The frozen tables that the SDL's directives and names become, read once at start. Everything at request time
 * (resolvers now, the read plan above them) works from these and never looks at SDL again.
 */
export interface Bindings {
  /** Object types that stand for a model's rows, by type name. */
  readonly objects: ReadonlyMap<string, ObjectBinding>;
  /** Interfaces and unions over one model, by type name. */
  readonly abstracts: ReadonlyMap<string, AbstractBinding>;
  /** Bound fields of `Query`. */
  readonly roots: ReadonlyMap<string, RootBinding>;
  /** Null where everything is everyone's. */
  readonly authorization: Authorization | null;
}

/** An object type bound to the rows of a model, or to those that satisfy its `where`. */
export interface ObjectBinding {
  readonly typeName: string;
  readonly model: Model;
  /** Column values that all of its rows have, from `@model(where:)`; null: all rows of the model. */
  readonly discriminator: Row | null;
  /** The same as a condition. */
  readonly isMember: Condition;
  /** From `@owner`: rows that are the viewer's own, as a place that each request fills; null: they are everyone's. */
  readonly own: Condition | null;
  /** The path that `@owner` gives, as written. */
  readonly ownPath: string | null;
  /** Rows that the type shows: `isMember` and `own`. */
  readonly where: Condition;
  readonly isNode: boolean;
  readonly fields: ReadonlyMap<string, FieldBinding>;
}

/** An interface or union all of whose members are bound to one model. */
export interface AbstractBinding {
  readonly typeName: string;
  readonly model: Model;
  /** Rows that are of some member. */
  readonly where: Condition;
  readonly members: readonly ObjectBinding[];
}

/** What a field reads that returns rows: one bound object type, or an abstract one over one model. */
export type RowType = ObjectBinding | AbstractBinding;

/** What a field of a bound object type reads. `columns` are the parent's columns it needs. */
export type FieldBinding = { readonly columns: readonly string[] } & (
  | { readonly kind: 'column'; readonly column: Column; readonly globalIdType: string | null }
  | { readonly kind: 'globalId' }
  | { readonly kind: 'toOne'; readonly relation: Relation; readonly target: () => RowType }
  /** An abstract type over several models, each reached by an optional to-one relation; the first that is set counts. */
  | { readonly kind: 'arc'; readonly arms: readonly ArcArm[] }
  | ({ readonly kind: 'toMany'; readonly relation: Relation } & RowsFieldBinding)
  | ({ readonly kind: 'connection'; readonly relation: Relation } & RowsFieldBinding)
  | { readonly kind: 'count'; readonly relation: Relation; readonly target: RowTarget }
  | {
      readonly kind: 'aggregate';
      readonly relation: Relation;
      readonly target: RowTarget;
      readonly aggregate: AggregateBinding;
    }
  /** Hand-written. */
  | { readonly kind: 'resolver' }
);

/** One way that an arc may lead. */
export interface ArcArm {
  readonly relation: Relation;
  readonly target: ObjectBinding;
}

/** A field of `Query` that is not written by hand. */
export type RootBinding =
  | { readonly kind: 'one'; readonly target: () => RowType; readonly uniques: readonly UniqueLookup[] }
  | ({ readonly kind: 'list' } & RowsFieldBinding)
  | ({ readonly kind: 'connection' } & RowsFieldBinding)
  | { readonly kind: 'count'; readonly target: RowTarget }
  | { readonly kind: 'aggregate'; readonly target: RowTarget; readonly aggregate: AggregateBinding }
  | { readonly kind: 'node' }
  | { readonly kind: 'nodes' };

/** A field over many rows: a list or a connection. */
export interface RowsFieldBinding {
  readonly target: () => RowType;
  readonly rows: RowTarget;
}

/** Which rows of a model, and by what arguments they can be narrowed and ordered. */
export interface RowTarget {
  readonly model: Model;
  /** Rows that the field's type stands for at all. */
  readonly where: () => Condition;
  readonly filter: FilterTable | null;
  readonly order: OrderTable | null;
  /** What the rows are shown as; null where they are only counted or summed up. */
  readonly rowType: RowType | null;
}

/** A set of arguments that together name at most one row. */
export interface UniqueLookup {
  readonly keyColumns: readonly string[];
  /** In the order of `keyColumns`; a global id stands for the whole key. */
  readonly arguments: readonly UniqueArgument[];
}

export interface UniqueArgument {
  readonly name: string;
  /** Null where the argument is the object's own global id. */
  readonly column: Column | null;
  /** Types whose global ids stand for the column's values; empty: plain values. */
  readonly globalIdTypes: readonly string[];
}

/** A filter input bound to a model. Fields are found lazily, as filters refer to each other in circles. */
export interface FilterTable {
  readonly inputName: string;
  readonly model: Model;
  readonly fields: ReadonlyMap<string, FilterField>;
}

export type FilterField =
  | { readonly kind: 'and' | 'or' | 'not'; readonly table: () => FilterTable }
  | {
      readonly kind: 'column';
      readonly column: Column;
      /** Types whose global ids stand for the column's values; empty: plain values. */
      readonly globalIdTypes: readonly string[];
      /** Whether it can be asked for by equality: `eq` or `in`. */
      readonly hasEquality: boolean;
    }
  | {
      readonly kind: 'relation';
      readonly relation: Relation;
      readonly table: () => FilterTable;
      /** Rows that the relation shows at all. */
      readonly where: () => Condition;
    };

/** The columns that an `orderBy` argument's enum values stand for. */
export interface OrderTable {
  readonly columns: ReadonlyMap<string, Column>;
  /** Whether the argument is a list of terms or a single one. */
  readonly isList: boolean;
}

/** An aggregate type: which group (`avg`, `sum`, …) has which fields over which columns. */
export interface AggregateBinding {
  readonly type: GraphQLObjectType;
  /** Name of the count's fields. */
  readonly counts: readonly string[];
  /** Group field, such as `avg` -> its type's fields -> the aggregate behind each. */
  readonly groups: ReadonlyMap<
    string,
    { readonly type: GraphQLObjectType; readonly fields: ReadonlyMap<string, Aggregate> }
  >;
}

/** A request for rows in order: what a list or connection field asks after its arguments are read. */
export interface RowsRequest {
  readonly where: Condition;
  readonly order: readonly OrderTerm[];
}

/** Values of a key's columns beside the type that they belong to. */
export interface GlobalIdParts {
  readonly typeName: string;
  readonly key: readonly RowValue[];
}
