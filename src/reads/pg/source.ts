import type { Parameters } from '../../model/sql/statement.js';
import type { ColumnSql } from './column-sql.js';
import type { ModelSql, ModelSqlCatalog } from './model-sql.js';

/** What the parts of one statement share. */
export class StatementScope {
  private aliases = 0;

  constructor(
    readonly catalog: ModelSqlCatalog,
    readonly parameters: Parameters,
  ) {}

  /** A model's rows under a name that the statement has only once. */
  createSource(model: ModelSql): Source {
    return { model, alias: `t${this.aliases++}` };
  }

  /** A name for a join table. */
  createAlias(): string {
    return `t${this.aliases++}`;
  }
}

/** A model's rows inside a statement. */
export interface Source {
  readonly model: ModelSql;
  readonly alias: string;
}

/** A column as it can be compared with parameters of its `parameterType`. */
export function comparable(source: Source, column: ColumnSql): string {
  return column.toComparable(`${source.alias}.${column.name}`);
}
