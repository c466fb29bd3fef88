import type { Model, ModelGraph, Relation } from '../../model/model-graph.js';
import { quoteQualified } from '../../model/sql/identifiers.js';
import { type ColumnSql, createColumnSql } from './column-sql.js';

/** A model as statements need it. */
export interface ModelSql {
  readonly model: Model;
  /** Quoted, with its schema. */
  readonly table: string;
  /** @throws TypeError for a name that the model doesn't have: the binding lets none through. */
  getColumn(name: string): ColumnSql;
  /** @throws TypeError likewise. */
  getRelation(name: string): Relation;
}

/** The graph's models made ready for statements, each when it is first asked for. */
export class ModelSqlCatalog {
  private readonly models = new Map<string, ModelSql>();

  /** `defaultSchema` is where models and enums are that name no schema. */
  constructor(
    private readonly graph: ModelGraph,
    readonly defaultSchema: string,
  ) {}

  /** @throws TypeError for a model that the graph doesn't have. */
  get(name: string): ModelSql {
    let known = this.models.get(name);
    if (known === undefined) {
      known = this.create(name);
      this.models.set(name, known);
    }
    return known;
  }

  private create(name: string): ModelSql {
    const model = this.graph.models.get(name);
    if (model === undefined) throw new TypeError(`The model graph has no model ${name}.`);
    const columns = new Map<string, ColumnSql>();
    for (const column of model.columns.values()) {
      const enumType = column.enumName === null ? null : this.graph.enums.get(column.enumName);
      if (enumType === undefined) throw new TypeError(`The model graph has no enum ${column.enumName}.`);
      columns.set(column.name, createColumnSql(column, enumType, this.defaultSchema));
    }
    return {
      model,
      table: quoteQualified(model.dbSchema ?? this.defaultSchema, model.dbName),
      getColumn: (column) => columns.get(column) ?? failUnknown(`${name}.${column}`),
      getRelation: (relation) => model.relations.get(relation) ?? failUnknown(`${name}.${relation}`),
    };
  }
}

function failUnknown(what: string): never {
  throw new TypeError(`The model graph has no ${what}.`);
}
