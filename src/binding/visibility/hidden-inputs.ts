import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import type { Access } from '../authorization/access.js';
import { mayReadColumn, mayReadRelation } from '../authorization/may-read.js';
import type { Bindings, FilterTable, RowTarget, RowType } from '../bindings.js';

/** Inputs, as `Type.field`, `Enum.VALUE` and `Type.field(argument:)`, that would be refused wherever they may stand. */
export function findHiddenInputs(
  schema: GraphQLSchema,
  bindings: Bindings,
  access: Access,
): ReadonlySet<string> {
  const search = new InputSearch(access);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const root = type === schema.getQueryType() ? bindings.roots.get(field.name) : undefined;
      const binding = root ?? bindings.objects.get(type.name)?.fields.get(field.name);
      if (binding === undefined) continue;
      if ('rows' in binding) search.addRows(field, binding.rows);
      else if (binding.kind === 'count' || binding.kind === 'aggregate')
        search.addRows(field, binding.target);
      else if (binding.kind === 'one') {
        for (const { name, column } of binding.uniques.flatMap((unique) => unique.arguments)) {
          const target = binding.target();
          const isFree = column === null || mayReadColumn(access, target.model.name, target, column.name);
          search.note(`${type.name}.${field.name}(${name}:)`, isFree);
        }
      }
    }
  }
  return search.hidden;
}

class InputSearch {
  readonly #found = new Set<string>();
  readonly #usable = new Set<string>();
  readonly #walked = new Map<FilterTable, Set<RowType | null>>();

  constructor(private readonly access: Access) {}

  get hidden(): ReadonlySet<string> {
    return new Set([...this.#found].filter((coordinate) => !this.#usable.has(coordinate)));
  }

  note(coordinate: string, isUsable: boolean): void {
    this.#found.add(coordinate);
    if (isUsable) this.#usable.add(coordinate);
  }

  addRows(field: GraphQLField<unknown, unknown>, { filter, order, model, rowType }: RowTarget): void {
    if (filter !== null) this.#addFilter(filter, rowType);
    const input = getNamedType(field.args.find(({ name }) => name === 'orderBy')?.type);
    const columns = isInputObjectType(input) ? getNamedType(input.getFields().field?.type) : undefined;
    if (order === null || !isEnumType(columns)) return;
    for (const [value, column] of order.columns)
      this.note(`${columns.name}.${value}`, mayReadColumn(this.access, model.name, rowType, column.name));
  }

  #addFilter(table: FilterTable, rowType: RowType | null): void {
    const walked = this.#walked.get(table) ?? new Set();
    if (walked.has(rowType)) return;
    this.#walked.set(table, walked.add(rowType));
    const model = table.model.name;
    for (const [name, field] of table.fields) {
      const coordinate = `${table.inputName}.${name}`;
      if (field.kind === 'column') {
        this.note(coordinate, mayReadColumn(this.access, model, rowType, field.column.name));
      } else if (field.kind === 'relation') {
        const mayFollow = mayReadRelation(this.access, model, rowType, field.relation.name);
        this.note(coordinate, mayFollow);
        if (mayFollow) this.#addFilter(field.table(), null);
      } else {
        this.#addFilter(field.table(), rowType);
      }
    }
  }
}
