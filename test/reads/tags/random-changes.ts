import fc from 'fast-check';
import { listJoinTables } from '../../../src/model/index-facts.js';
import type { Column, Model, ModelGraph } from '../../../src/model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../../../src/model/sql/identifiers.js';

/** Statements of one transaction. One that PostgreSQL refuses (a key that is taken, a row still referred to) is left out. */
export interface RandomChange {
  readonly statements: readonly ChangeStatement[];
}

export interface ChangeStatement {
  readonly sql: string;
  /** Undone at once by a rollback to a savepoint. */
  readonly isUndone: boolean;
}

/** Draws changes of every table of a graph. */
export class RandomChanges {
  constructor(private readonly graph: ModelGraph) {}

  change(): fc.Arbitrary<RandomChange> {
    const statement = fc.record({
      sql: this.#statement(),
      isUndone: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
    });
    return fc.record({ statements: fc.array(statement, { minLength: 1, maxLength: 3 }) });
  }

  #statement(): fc.Arbitrary<string> {
    const tables = [...this.graph.models.values()].filter(({ kind }) => kind === 'table');
    const model = fc.constantFrom(...tables);
    const joins = listJoinTables(this.graph).map(({ schema, table }) => quoteQualified(schema, table));
    return fc.oneof(
      { weight: 12, arbitrary: model.chain((found) => this.#update(found)) },
      { weight: 3, arbitrary: model.chain((found) => this.#insert(found)) },
      { weight: 3, arbitrary: model.chain((found) => this.#delete(found)) },
      { weight: 3, arbitrary: fc.constantFrom(...joins).chain((table) => this.#link(table)) },
      {
        weight: 1,
        arbitrary: model.map((found) => `TRUNCATE ${tableOf(found)} CASCADE`),
      },
    );
  }

  #update(model: Model): fc.Arbitrary<string> {
    const columns = [...model.columns.values()].filter(({ isReadOnly }) => !isReadOnly);
    const sets = fc
      .uniqueArray(fc.constantFrom(...columns), { minLength: 1, maxLength: 2, selector: ({ name }) => name })
      .chain((chosen) => fc.tuple(...chosen.map((column) => this.#assignment(model, column))));
    return fc
      .tuple(sets, this.#some(model))
      .map(([list, some]) => `UPDATE ${tableOf(model)} SET ${list.join(', ')} WHERE ${some}`);
  }

  #assignment(model: Model, column: Column): fc.Arbitrary<string> {
    const name = quoteIdentifier(column.dbName);
    const values = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .nat(12)
          .map(
            (n) =>
              `(SELECT x.${name} FROM ${tableOf(model)} x ORDER BY ${orderOf(model)} OFFSET ${n} LIMIT 1)`,
          ),
      },
      { weight: 3, arbitrary: fc.constantFrom(...tweaksOf(column, name)) },
      { weight: column.isNullable ? 2 : 0, arbitrary: fc.constant('NULL') },
    );
    return values.map((value) => `${name} = ${value}`);
  }

  /** A copy of a row with other values where something must be unique. */
  #insert(model: Model): fc.Arbitrary<string> {
    const columns = [...model.columns.values()].filter(
      ({ isReadOnly, pgType }) => !isReadOnly || pgType === 'uuid',
    );
    const unique = new Set(model.uniques.flat());
    const changed = fc.uniqueArray(fc.constantFrom(...columns), {
      maxLength: 2,
      selector: ({ name }) => name,
    });
    return fc.tuple(fc.nat(14), changed, fc.integer({ min: 1, max: 9 })).map(([row, others, n]) => {
      const list = columns.map((column) => {
        const name = `x.${quoteIdentifier(column.dbName)}`;
        if (!unique.has(column.name)) {
          const tweak = others.includes(column) ? tweaksOf(column, name)[0] : undefined;
          return tweak ?? name;
        }
        if (column.pgType === 'uuid') return `'${'0'.repeat(8)}-0000-4000-8000-00000000000${n}'::uuid`;
        // A foreign key must go on leading somewhere.
        if (isForeign(model, column)) return name;
        return column.type === 'Int' || column.type === 'BigInt'
          ? `${name} + ${n}`
          : `${name}::text || '${n}'`;
      });
      const names = columns.map(({ dbName }) => quoteIdentifier(dbName)).join();
      return `INSERT INTO ${tableOf(model)} (${names}) SELECT ${list.join()} FROM ${tableOf(model)} x ORDER BY ${orderOf(model)} OFFSET ${row} LIMIT 1`;
    });
  }

  #delete(model: Model): fc.Arbitrary<string> {
    return this.#some(model).map((some) => `DELETE FROM ${tableOf(model)} WHERE ${some}`);
  }

  #link(table: string): fc.Arbitrary<string> {
    return fc.tuple(fc.nat(8), fc.nat(8), fc.nat(4)).map(([a, b, kind]) => {
      if (kind === 0)
        return `DELETE FROM ${table} WHERE ctid = (SELECT ctid FROM ${table} ORDER BY 1 OFFSET ${a} LIMIT 1)`;
      if (kind === 1) {
        return `UPDATE ${table} SET "B" = (SELECT "B" FROM ${table} ORDER BY "B" OFFSET ${b} LIMIT 1)
          WHERE ctid = (SELECT ctid FROM ${table} ORDER BY ctid OFFSET ${a} LIMIT 1)`;
      }
      return `INSERT INTO ${table} SELECT (SELECT "A" FROM ${table} ORDER BY "A" OFFSET ${a} LIMIT 1), (SELECT "B" FROM ${table} ORDER BY "B" OFFSET ${b} LIMIT 1)`;
    });
  }

  /** A few rows, mostly one; now and then all. */
  #some(model: Model): fc.Arbitrary<string> {
    const count = fc.oneof(
      { weight: 6, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.constant(3) },
      fc.constant(1000),
    );
    return fc
      .tuple(fc.nat(14), count)
      .map(
        ([first, rows]) =>
          `ctid = ANY (ARRAY(SELECT x.ctid FROM ${tableOf(model)} x ORDER BY ${orderOf(model)} OFFSET ${rows === 1000 ? 0 : first} LIMIT ${rows}))`,
      );
  }
}

/** Values near what is there, some of which are equal and read differently. */
function tweaksOf(column: Column, name: string): readonly string[] {
  if (column.isList) return [`${name} || ${name}`, `'{}'`];
  switch (column.type) {
    case 'String':
      if (column.pgType === 'uuid') return [`gen_random_uuid()`];
      return [`${name} || 'x'`, `upper(${name}::text)`, `lower(${name}::text)`];
    case 'Boolean':
      return [`NOT ${name}`];
    case 'Int':
    case 'BigInt':
      return [`${name} + 1`, `${name} - 1`, `1`];
    case 'Float':
      return [`-${name}`, `${name} * 2`];
    case 'Decimal':
      return [`${name} * 1.0`, `${name} + 0.01`, `-${name}`];
    case 'DateTime':
      if (column.pgType === 'date') return [`${name} + 1`];
      return [`${name} + interval '1 microsecond'`, `${name} - interval '1 hour'`];
    case 'Json':
      return [`'{"a": 1.00}'`, `'[1]'`];
    case 'Bytes':
      return [`${name} || '\\x00'::bytea`];
    case 'Enum':
      return [`${name}`];
  }
}

function isForeign(model: Model, column: Column): boolean {
  return [...model.relations.values()].some(
    ({ link }) => link.kind === 'columns' && link.keyOn === 'local' && link.local.includes(column.name),
  );
}

function tableOf(model: Model): string {
  return quoteQualified(model.dbSchema, model.dbName);
}

function orderOf(model: Model): string {
  return model.primaryKey!.map((name) => `x.${quoteIdentifier(model.columns.get(name)!.dbName)}`).join();
}
