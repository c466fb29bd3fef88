import type { CaptureDemand, ModelDemand } from '../changes/capture/capture-demand.js';
import type { Model } from '../model/model-graph.js';
import type {
  AggregateBinding,
  Bindings,
  FieldBinding,
  FilterTable,
  RootBinding,
  RowTarget,
} from './bindings.js';

/** What an API's filters, orders, look-ups, aggregates and discriminators ask of each model. */
export function findCaptureDemand(bindings: Bindings): CaptureDemand {
  const gathering = new DemandGathering();
  for (const { model, discriminator, fields } of bindings.objects.values()) {
    if (discriminator !== null) gathering.addSlice(model, Object.keys(discriminator));
    for (const field of fields.values()) gathering.addField(field);
  }
  for (const root of bindings.roots.values()) gathering.addRoot(root);
  // Whose a row is, is asked by equality.
  for (const { model, column } of bindings.authorization?.tables.owners ?? [])
    gathering.addEquality(model, column.name);
  return gathering.finish();
}

class DemandGathering {
  readonly #slices = new Map<string, Map<string, readonly string[]>>();
  readonly #columns = new Map<string, Set<string>>();
  readonly #filters = new Set<FilterTable>();

  addField(field: FieldBinding): void {
    switch (field.kind) {
      case 'toMany':
      case 'connection':
        this.#addTarget(field.rows);
        break;
      case 'count':
        this.#addTarget(field.target);
        break;
      case 'aggregate':
        this.#addTarget(field.target);
        this.#addAggregate(field.target.model, field.aggregate);
        break;
    }
  }

  addRoot(root: RootBinding): void {
    switch (root.kind) {
      case 'one':
        for (const { keyColumns } of root.uniques) this.addSlice(root.target().model, keyColumns);
        break;
      case 'list':
      case 'connection':
        this.#addTarget(root.rows);
        break;
      case 'count':
        this.#addTarget(root.target);
        break;
      case 'aggregate':
        this.#addTarget(root.target);
        this.#addAggregate(root.target.model, root.aggregate);
        break;
    }
  }

  /** Rows are read by these columns' values. */
  addSlice(model: Model, columns: readonly string[]): void {
    const slices = this.#slices.get(model.name) ?? new Map<string, readonly string[]>();
    slices.set(columns.join(), columns);
    this.#slices.set(model.name, slices);
  }

  /** Rows are filtered by whether this column has a value. */
  addEquality(model: Model, column: string): void {
    this.#addColumn(model, column);
    this.addSlice(model, [column]);
  }

  finish(): CaptureDemand {
    const models = new Set([...this.#slices.keys(), ...this.#columns.keys()]);
    return new Map(
      [...models].map((name): readonly [string, ModelDemand] => [
        name,
        {
          slices: [...(this.#slices.get(name)?.values() ?? [])],
          columns: [...(this.#columns.get(name) ?? [])],
        },
      ]),
    );
  }

  #addTarget({ model, filter, order }: RowTarget): void {
    if (filter !== null) this.#addFilter(filter);
    for (const column of order?.columns.values() ?? []) this.#addColumn(model, column.name);
  }

  #addFilter(table: FilterTable): void {
    if (this.#filters.has(table)) return;
    this.#filters.add(table);
    for (const field of table.fields.values()) {
      if (field.kind === 'column') {
        this.#addColumn(table.model, field.column.name);
        if (field.hasEquality) this.addSlice(table.model, [field.column.name]);
      } else {
        this.#addFilter(field.table());
      }
    }
  }

  #addAggregate(model: Model, { groups }: AggregateBinding): void {
    for (const { fields } of groups.values()) {
      for (const { column } of fields.values()) if (column !== null) this.#addColumn(model, column);
    }
  }

  #addColumn(model: Model, column: string): void {
    const columns = this.#columns.get(model.name) ?? new Set();
    this.#columns.set(model.name, columns.add(column));
  }
}
