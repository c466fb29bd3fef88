import fc from 'fast-check';
import type { Column, Model, ModelGraph, Relation } from '../../../src/model/model-graph.js';
import type { Condition } from '../../../src/reads/condition.js';
import type { Key, Row, RowValue } from '../../../src/reads/row.js';
import type {
  Aggregate,
  AggregateQuery,
  KeyedQuery,
  OrderTerm,
  RelatedAggregateQuery,
  RelatedQuery,
  RowsQuery,
} from '../../../src/reads/row-reader.js';

/** One call of a row reader. */
export type ReaderCall =
  | { readonly method: 'findRows'; readonly query: RowsQuery }
  | { readonly method: 'findRowsByKeys'; readonly query: KeyedQuery }
  | { readonly method: 'findRelatedRows'; readonly query: RelatedQuery }
  | { readonly method: 'aggregateRows'; readonly query: AggregateQuery }
  | { readonly method: 'aggregateRelatedRows'; readonly query: RelatedAggregateQuery };

/** What calls are made of. */
export interface RandomSource {
  readonly graph: ModelGraph;
  /** All rows by model: most values are drawn from them, so that conditions hold for some rows and not for others. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
}

const OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const;
const TEXTS = ['', '%', '_', '\\', '"', 'a', 'e', 'Le', 'K', ' ', 'ö', '🦓', '50%', '-00'];

/** Values beside those in the rows: between them, at bounds, of other scales. */
function oddValues(graph: ModelGraph, column: Column): readonly RowValue[] {
  switch (column.type) {
    case 'String':
      return column.pgType === 'uuid'
        ? ['00000000-0000-4000-8000-000000000000', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF']
        : TEXTS;
    case 'Int':
      return [0, -1, 1, 2, 1_000];
    case 'BigInt':
      return ['0', '-1', '2', '9007199254740993', '9223372036854775806'];
    case 'Float':
      return [0, -0, 0.1, 100, 1e30, Number.NaN, Number.NEGATIVE_INFINITY];
    case 'Decimal':
      return ['0', '-0.005', '5.5', '210.100', '1e3', 'NaN', 'Infinity'];
    case 'Boolean':
      return [true, false];
    case 'Json':
      return [null, 0, '', 'text', true, [], {}, [1, null], { a: null }];
    case 'Bytes':
      return ['', 'AA==', '/w=='];
    case 'Enum':
      return [...graph.enums.get(column.enumName!)!.values].map(({ name }) => name);
    case 'DateTime':
      if (column.pgType === 'date') return ['1970-01-01', '2026-01-31', '0001-01-01', '9999-12-31'];
      if (column.pgType === 'time') return ['00:00:00', '12:00:00.000001', '23:59:59.999999'];
      if (column.pgType === 'timetz') return ['00:00:00Z', '12:00:00.5+05:30', '23:59:59.999999Z'];
      return [
        '2019-05-01T10:00:00.123Z',
        '2019-05-01T10:00:00.123456Z',
        '2021-03-04T05:06:07.000001Z',
        '1969-12-31T23:59:59.999Z',
        '2022-11-11T13:11:11.000+02:00',
        '0001-01-01T00:00:00.000Z',
      ];
  }
}

/** Draws calls; every part is made when it is first needed, since a depth has many. */
export class RandomQueries {
  readonly #conditions = new Map<string, fc.Arbitrary<Condition>>();

  constructor(private readonly source: RandomSource) {}

  call(): fc.Arbitrary<ReaderCall> {
    return fc.oneof(
      { weight: 4, arbitrary: this.#rowsCall() },
      { weight: 2, arbitrary: this.#keyedCall() },
      { weight: 3, arbitrary: this.#relatedCall() },
      { weight: 2, arbitrary: this.#aggregateCall() },
      { weight: 2, arbitrary: this.#relatedAggregateCall() },
    );
  }

  #models(): readonly Model[] {
    return [...this.source.graph.models.values()];
  }

  #model(): fc.Arbitrary<Model> {
    return fc.constantFrom(...this.#models());
  }

  #relation(): fc.Arbitrary<readonly [Model, Relation, Model]> {
    const all = this.#models().flatMap((parent) =>
      [...parent.relations.values()].map(
        (relation) => [parent, relation, this.source.graph.models.get(relation.target)!] as const,
      ),
    );
    return fc.constantFrom(...all);
  }

  #rowsCall(): fc.Arbitrary<ReaderCall> {
    return this.#model().chain((model) =>
      this.#rowsQuery(model, 3).map((query): ReaderCall => ({ method: 'findRows', query })),
    );
  }

  #rowsQuery(model: Model, depth: number): fc.Arbitrary<RowsQuery> {
    const size = fc.record({
      limit: fc.option(fc.nat(5)),
      offset: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(4)),
    });
    return fc.record({ columns: this.#columns(model), where: this.condition(model, depth) }).chain((wanted) =>
      fc
        .oneof(
          { weight: 1, arbitrary: fc.constant({ order: [], after: null, limit: null, offset: 0 }) },
          {
            weight: 6,
            arbitrary: this.#order(model).chain((order) =>
              fc
                .tuple(size, fc.option(this.#after(model, order), { freq: 2 }))
                .map(([cut, after]) => ({ order, after, ...cut })),
            ),
          },
        )
        .map((rest) => ({ model: model.name, ...wanted, ...rest })),
    );
  }

  #keyedCall(): fc.Arbitrary<ReaderCall> {
    return fc.constantFrom(...this.#models().filter(({ uniques }) => uniques.length > 0)).chain((model) =>
      fc.constantFrom(...model.uniques).chain((keyColumns) =>
        fc
          .record({
            columns: this.#columns(model),
            keys: fc.array(this.#key(model, keyColumns), { maxLength: 6 }),
            where: this.condition(model, 1),
          })
          .map(
            (rest): ReaderCall => ({
              method: 'findRowsByKeys',
              query: { model: model.name, keyColumns, ...rest },
            }),
          ),
      ),
    );
  }

  #relatedCall(): fc.Arbitrary<ReaderCall> {
    return this.#relation().chain(([parent, relation, model]) =>
      fc.tuple(this.#parents(parent, relation), this.#rowsQuery(model, 1)).map(
        ([parents, query]): ReaderCall => ({
          method: 'findRelatedRows',
          query: { ...query, parentModel: parent.name, relation: relation.name, parents },
        }),
      ),
    );
  }

  #aggregateCall(): fc.Arbitrary<ReaderCall> {
    return this.#model().chain((model) =>
      fc
        .record({ where: this.condition(model, 2), aggregates: this.#aggregates(model) })
        .map((rest): ReaderCall => ({ method: 'aggregateRows', query: { model: model.name, ...rest } })),
    );
  }

  #relatedAggregateCall(): fc.Arbitrary<ReaderCall> {
    return this.#relation().chain(([parent, relation, model]) =>
      fc
        .record({
          where: this.condition(model, 1),
          aggregates: this.#aggregates(model),
          parents: this.#parents(parent, relation),
        })
        .map(
          (rest): ReaderCall => ({
            method: 'aggregateRelatedRows',
            query: { model: model.name, parentModel: parent.name, relation: relation.name, ...rest },
          }),
        ),
    );
  }

  #columns(model: Model): fc.Arbitrary<string[]> {
    return fc.uniqueArray(fc.constantFrom(...model.columns.keys()), { maxLength: 5 });
  }

  /** Total: the key stands last, or where there is none, every column. */
  #order(model: Model): fc.Arbitrary<OrderTerm[]> {
    const rest = model.primaryKey ?? [...model.columns.keys()];
    const term = fc
      .record({
        column: fc.constantFrom(...model.columns.keys()),
        direction: fc.constantFrom('asc', 'desc'),
        nulls: fc.constantFrom('first', 'last'),
      })
      // json has no order, and Prisma sorts lists as PostgreSQL does by default.
      .filter(
        ({ column }) => !model.columns.get(column)!.isList && model.columns.get(column)!.pgType !== 'json',
      );
    return fc
      .uniqueArray(term, { maxLength: 3, selector: ({ column }) => column })
      .map((terms) => [
        ...terms,
        ...rest
          .filter((column) => terms.every((other) => other.column !== column))
          .map((column): OrderTerm => ({ column, direction: 'asc', nulls: 'last' })),
      ]);
  }

  /** A row of the model, or one that could be; never behind JSON, whose null says two things. */
  #after(model: Model, order: readonly OrderTerm[]): fc.Arbitrary<RowValue[] | null> {
    const columns = order.map(({ column }) => model.columns.get(column)!);
    if (columns.some(({ type }) => type === 'Json')) return fc.constant(null);
    const rows = this.source.rows.get(model.name)!;
    const madeUp = fc.tuple(
      ...columns.map((column) =>
        column.isNullable ? fc.option(this.#value(model, column)) : this.#value(model, column),
      ),
    );
    if (rows.length === 0) return madeUp;
    const found = fc.constantFrom(...rows).map((row) => columns.map(({ name }) => row[name]!));
    return fc.oneof({ weight: 3, arbitrary: found }, madeUp);
  }

  #value(model: Model, column: Column): fc.Arbitrary<RowValue> {
    const found = this.source.rows.get(model.name)!.map((row) => row[column.name]!);
    const present = found.filter((value) => value !== null);
    if (column.isList) {
      const elements = [...present.flat(), ...oddValues(this.source.graph, column)].filter(
        (value) => value !== null,
      );
      return fc.oneof(
        fc.constantFrom<RowValue>([], ...present),
        fc.array(fc.constantFrom(...elements), { maxLength: 2 }),
      );
    }
    return fc.constantFrom(...present, ...oddValues(this.source.graph, column));
  }

  #key(model: Model, columns: readonly string[]): fc.Arbitrary<Key> {
    const rows = this.source.rows.get(model.name)!;
    const madeUp = fc.tuple(...columns.map((name) => this.#value(model, model.columns.get(name)!)));
    if (rows.length === 0) return madeUp;
    const found = fc.constantFrom(...rows).map((row) => columns.map((name) => row[name]!));
    return fc.oneof({ weight: 3, arbitrary: found }, madeUp);
  }

  /** Distinct, and without nulls. */
  #parents(parent: Model, { link }: Relation): fc.Arbitrary<Key[]> {
    return fc
      .uniqueArray(this.#key(parent, link.local), {
        maxLength: 5,
        selector: (key) => JSON.stringify(key).toLowerCase(),
      })
      .map((keys) => keys.filter((key) => !key.includes(null)));
  }

  #aggregates(model: Model): fc.Arbitrary<Aggregate[]> {
    const columns = [...model.columns.values()].filter(({ isList }) => !isList);
    const numbers = columns.filter(({ type }) => ['Int', 'BigInt', 'Float', 'Decimal'].includes(type));
    // Of a citext several texts may be the least. JSON and timetz have no min that the other order agrees with.
    const ordered = columns.filter(({ type, pgType }) => type !== 'Json' && pgType !== 'citext');
    const of = (fns: readonly ('sum' | 'avg' | 'min' | 'max')[], from: readonly Column[]) =>
      fc.record<Aggregate>({
        fn: fc.constantFrom(...fns),
        column: fc.constantFrom(...from.map(({ name }) => name)),
      });
    return fc.array(
      fc.oneof(
        fc.constant<Aggregate>({ fn: 'count', column: null }),
        of(['min', 'max'], ordered),
        ...(numbers.length === 0 ? [] : [of(['sum', 'avg'], numbers)]),
      ),
      { maxLength: 4 },
    );
  }

  condition(model: Model, depth: number): fc.Arbitrary<Condition> {
    const name = `${model.name}/${depth}`;
    let known = this.#conditions.get(name);
    if (known === undefined) {
      known = depth === 0 ? this.#leaf(model) : this.#branch(model, depth);
      this.#conditions.set(name, known);
    }
    return known;
  }

  #branch(model: Model, depth: number): fc.Arbitrary<Condition> {
    const part = this.condition(model, depth - 1);
    const parts = fc.array(part, { maxLength: 3 });
    const relations = [...model.relations.values()];
    const related = (): fc.Arbitrary<Condition> =>
      fc.constantFrom(...relations).chain(({ name, target }) =>
        fc.record({
          kind: fc.constant('related'),
          relation: fc.constant(name),
          quantifier: fc.constantFrom('some', 'none'),
          where: this.condition(this.source.graph.models.get(target)!, depth - 1),
        }),
      );
    return fc.oneof(
      { weight: 3, arbitrary: this.#leaf(model) },
      parts.map((of): Condition => ({ kind: 'all', of })),
      parts.map((of): Condition => ({ kind: 'any', of })),
      part.map((of): Condition => ({ kind: 'not', of })),
      ...(relations.length === 0 ? [] : [{ weight: 2, arbitrary: related() }]),
    );
  }

  #leaf(model: Model): fc.Arbitrary<Condition> {
    const columns = [...model.columns.values()];
    const texts = columns.filter(({ type, isList }) => type === 'String' && !isList);
    const onColumn = fc.constantFrom(...columns).chain((column): fc.Arbitrary<Condition> => {
      const value = this.#value(model, column);
      return fc.oneof(
        fc
          .record({ op: fc.constantFrom(...OPERATORS), value })
          .map((rest): Condition => ({ kind: 'compare', column: column.name, ...rest })),
        fc
          .record({ values: fc.array(value, { maxLength: 3 }), negated: fc.boolean() })
          .map((rest): Condition => ({ kind: 'in', column: column.name, ...rest })),
        fc.boolean().map((negated): Condition => ({ kind: 'null', column: column.name, negated })),
      );
    });
    if (texts.length === 0) return onColumn;
    const onText = fc
      .record({
        column: fc.constantFrom(...texts.map(({ name }) => name)),
        op: fc.constantFrom('contains', 'startsWith'),
        value: fc.constantFrom(...TEXTS),
      })
      .map((rest): Condition => ({ kind: 'text', ...rest }));
    return fc.oneof({ weight: 5, arbitrary: onColumn }, onText);
  }
}
