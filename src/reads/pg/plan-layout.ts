import type { ChildLayout, PlanChild, PlanShape, SelectionLayout } from '../plan/read-plan.js';
import { aggregateSql } from './aggregate-sql.js';
import type { ModelSql, ModelSqlCatalog } from './model-sql.js';
import { aggregateCell, columnCell } from './plan-cells.js';

/** The layouts of shapes, each made once. */
export class PlanLayouts {
  private readonly known = new WeakMap<PlanShape, SelectionLayout>();

  constructor(private readonly catalog: ModelSqlCatalog) {}

  get(shape: PlanShape): SelectionLayout {
    let layout = this.known.get(shape);
    if (layout === undefined) {
      layout = this.create(shape);
      this.known.set(shape, layout);
    }
    return layout;
  }

  private create(shape: PlanShape): SelectionLayout {
    const model = this.catalog.get(shape.model);
    return {
      columns: shape.columns.map((name) => {
        const column = model.getColumn(name);
        const absent = column.column.isList && !column.column.isNullable ? EMPTY_LIST : null;
        return { name, decode: columnCell(column).decode, absent };
      }),
      children: shape.children.map((child) => this.createChild(model, child)),
    };
  }

  private createChild(parent: ModelSql, child: PlanChild): ChildLayout {
    const { slot } = child;
    if (child.kind !== 'aggregate') return { kind: child.kind, slot, row: this.get(child.row) };
    // Decoding doesn't depend on the name under which the rows stand in a statement.
    const source = { model: this.catalog.get(parent.getRelation(child.relation).target), alias: '' };
    return {
      kind: 'aggregate',
      slot,
      decode: child.aggregates.map((aggregate) => aggregateCell(aggregateSql(source, aggregate)).decode),
    };
  }
}

const EMPTY_LIST = Object.freeze([]);
