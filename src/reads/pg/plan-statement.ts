import { Parameters, type Statement } from '../../model/sql/statement.js';
import type { PlanChild, PlanInput, PlanShape, ReadPlan } from '../plan/read-plan.js';
import { aggregateSql } from './aggregate-sql.js';
import { conditionSql } from './condition-sql.js';
import type { ModelSqlCatalog } from './model-sql.js';
import { aggregateCell, columnCell } from './plan-cells.js';
import { relatedRowsSql } from './relation-sql.js';
import { pageSql, whereSql } from './select-sql.js';
import { type Source, StatementScope } from './source.js';

/**
 * One statement for a whole plan, with one row of one or two cells: all tuples as one JSON text, and the total.
 *
 * Rows are cut to their page first, and what hangs below each is a subquery of its own in the select list: nothing is
 * joined, so nothing can change the rows' order or number, and nothing below the page is read for rows beyond it.
 */
export function buildPlanStatement(catalog: ModelSqlCatalog, plan: ReadPlan): Statement {
  const scope = new PlanScope(new StatementScope(catalog, new Parameters()), plan.inputs);
  const source = scope.statement.createSource(catalog.get(plan.shape.model));
  const from = `${source.model.table} AS ${source.alias}`;
  const rows = scope.rowsSql(source, plan.shape, 0, from, null);
  const total = plan.total === null ? '' : `, ${scope.totalSql(plan.shape.model, plan.total)}`;
  return { text: `SELECT ${rows}${total}`, values: scope.statement.parameters.values };
}

class PlanScope {
  constructor(
    readonly statement: StatementScope,
    private readonly inputs: readonly PlanInput[],
  ) {}

  /** A scalar subquery: the JSON list of a page's tuples, NULL where it has none. */
  rowsSql(source: Source, shape: PlanShape, input: number, from: string, meets: string | null): string {
    const page = pageSql(
      this.statement,
      source,
      { ...this.getInput(input), offset: 0 },
      meets === null ? [] : [meets],
    );
    return `(SELECT json_agg(tuple) FROM (SELECT ${this.tupleSql(source, shape)} AS tuple FROM ${from}${page}) AS page)`;
  }

  totalSql(model: string, where: NonNullable<ReadPlan['total']>): string {
    const source = this.statement.createSource(this.statement.catalog.get(model));
    const condition = whereSql([conditionSql(this.statement, source, where)]);
    return `(SELECT count(*) FROM ${source.model.table} AS ${source.alias}${condition})`;
  }

  private tupleSql(source: Source, shape: PlanShape): string {
    const cells: string[] = [];
    for (const name of shape.columns) {
      const column = source.model.getColumn(name);
      cells.push(columnCell(column).toCell(`${source.alias}.${column.name}`));
    }
    for (const child of shape.children) cells.push(this.guardedSql(source, child));
    return arraySql(cells);
  }

  /** What only some rows have is computed for those alone. */
  private guardedSql(parent: Source, child: PlanChild): string {
    if (child.when === null) return this.childSql(parent, child);
    return `CASE WHEN ${conditionSql(this.statement, parent, child.when)} THEN ${this.childSql(parent, child)} END`;
  }

  private childSql(parent: Source, child: PlanChild): string {
    const relation = parent.model.getRelation(child.relation);
    const source = this.statement.createSource(this.statement.catalog.get(relation.target));
    const { from, meets } = relatedRowsSql(this.statement, parent, relation, source);
    if (child.kind === 'many') return this.rowsSql(source, child.row, child.input, from, meets);
    const where = whereSql([meets, conditionSql(this.statement, source, this.getInput(child.input).where)]);
    return `(SELECT ${this.singleSql(source, child)} FROM ${from}${where})`;
  }

  /** What is selected of a child that is one tuple: a related row, or aggregates over all of them. */
  private singleSql(source: Source, child: PlanChild): string {
    if (child.kind !== 'aggregate') return this.tupleSql(source, child.row);
    const cells = child.aggregates.map((aggregate) => aggregateCell(aggregateSql(source, aggregate)).sql);
    return arraySql(cells);
  }

  private getInput(index: number): PlanInput {
    const input = this.inputs[index];
    if (input === undefined) throw new TypeError(`A plan lacks its input ${index}.`);
    return input;
  }
}

const MAX_FUNCTION_ARGUMENTS = 100;

/** A JSON array, of more cells than a function takes arguments if need be. */
function arraySql(cells: readonly string[]): string {
  if (cells.length <= MAX_FUNCTION_ARGUMENTS) return `json_build_array(${cells.join(', ')})`;
  return `json_build_array(VARIADIC ARRAY[${cells.map((cell) => `to_json(${cell})`).join(', ')}])`;
}
