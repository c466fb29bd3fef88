import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type {
  ChildLayout,
  DecodeCell,
  PlanShape,
  SelectionLayout,
  Tuple,
} from '../../reads/plan/read-plan.js';
import type { Key, RowValue } from '../../reads/row.js';
import type { FieldBinding, ObjectBinding, RowType } from '../bindings.js';
import { planAggregates } from '../execution/resolve-aggregate.js';
import { membersOf } from '../execution/selected-columns.js';
import { collectResponseFields, nameOfField } from '../execution/selected-fields.js';
import { encodeGlobalId } from '../global-id.js';
import { slotOf, totalSlotOf } from '../planning/slots.js';
import type { PageLimits } from '../resolvers.js';
import { BAIL } from './bail.js';
import { compileAggregate } from './compile-aggregate.js';
import { compileConnection, findOnlyRowNodes } from './compile-connection.js';
import { compileLeaf } from './compile-leaf.js';
import { compileObject, type FieldCode, type ObjectField, type TupleCode } from './compile-object.js';
import type { CompileScope } from './compile-scope.js';
import { Uncompilable } from './uncompilable.js';

/**
 * Compiles a selection of `target`'s rows: a function from a tuple of `shape` to the object that the answer shows.
 *
 * @throws Uncompilable where some selected field is not for compiled code
 */
export function compileRow(
  scope: CompileScope,
  target: RowType,
  nodes: readonly FieldNode[],
  shape: PlanShape,
  layout: SelectionLayout,
): TupleCode {
  const members = membersOf(target).map((member) => ({
    member,
    code: new MemberCompiler(scope, member, shape, layout).compile(nodes),
  }));
  const [only] = members;
  if (!('members' in target) && only !== undefined) return only.code;
  const readers = new Map(
    layout.columns.map(({ name, decode, absent }, index) => [name, { decode, absent, index }]),
  );
  const tests = members.map(({ member, code }) => ({
    code,
    values: member.discriminator === null ? null : Object.entries(member.discriminator),
  }));
  // A member without a discriminator takes what no other does.
  const inOrder = [
    ...tests.filter(({ values }) => values !== null),
    ...tests.filter(({ values }) => values === null),
  ];
  return (tuple, run) => {
    for (const { code, values } of inOrder) {
      const isMember = (values ?? []).every(([name, value]) => {
        const reader = readers.get(name);
        const cell = reader === undefined ? null : tuple[reader.index];
        return (reader === undefined || cell === null ? null : reader.decode(cell)) === value;
      });
      if (isMember) return code(tuple, run);
    }
    throw BAIL;
  };
}

/** Compiles the fields of one object type over tuples of a shape. */
class MemberCompiler {
  constructor(
    private readonly scope: CompileScope,
    private readonly member: ObjectBinding,
    private readonly shape: PlanShape,
    private readonly layout: SelectionLayout,
  ) {}

  compile(nodes: readonly FieldNode[]): TupleCode {
    const { selection } = this.scope;
    const type = selection.schema.getType(this.member.typeName);
    if (!isObjectType(type)) throw new Uncompilable(this.member.typeName);
    const fields: ObjectField<Tuple>[] = [];
    for (const [key, fieldNodes] of collectResponseFields(selection, type, nodes)) {
      fields.push({ key, code: this.#compileField(type, key, fieldNodes) });
    }
    return compileObject(fields, this.scope.size);
  }

  #compileField(type: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): TupleCode {
    const name = nameOfField(nodes);
    if (name === '__typename') return () => type.name;
    const field = type.getFields()[name];
    const binding = this.member.fields.get(name);
    if (field === undefined || binding === undefined) throw new Uncompilable(`${type.name}.${name}`);
    return this.#compileBinding(field, binding, slotOf(this.member.typeName, key), nodes);
  }

  #compileBinding(
    field: GraphQLField<unknown, unknown>,
    binding: FieldBinding,
    slot: string,
    nodes: readonly FieldNode[],
  ): TupleCode {
    switch (binding.kind) {
      case 'column': {
        const read = this.#reader(binding.column.name);
        const { globalIdType } = binding;
        if (globalIdType !== null) {
          const show = compileLeaf(field.type);
          return (tuple) => {
            const value = read(tuple);
            return show(value === null ? null : encodeGlobalId(globalIdType, [value]));
          };
        }
        const show = compileLeaf(field.type);
        return (tuple) => show(read(tuple));
      }
      case 'globalId': {
        const readers = (this.member.model.primaryKey ?? []).map((name) => this.#reader(name));
        const { typeName } = this.member;
        return (tuple) => encodeGlobalId(typeName, readers.map((read) => read(tuple)) as Key);
      }
      case 'toOne': {
        const { index, code } = this.#child(slot, binding.target(), nodes);
        const isRequired = isNonNullType(field.type);
        return (tuple, run) => {
          const cell = tuple[index];
          if (cell !== null) return code(cell as Tuple, run);
          if (isRequired) throw BAIL;
          return null;
        };
      }
      case 'arc': {
        const arms = binding.arms.map(({ relation, target }) =>
          this.#child(`${slot}/${relation.name}`, target, nodes),
        );
        return (tuple, run) => {
          for (const { index, code } of arms) {
            const cell = tuple[index];
            if (cell !== null) return code(cell as Tuple, run);
          }
          return null;
        };
      }
      case 'toMany': {
        const { index, code } = this.#child(slot, binding.target(), nodes);
        return compileList(index, code, this.scope.limits);
      }
      case 'connection': {
        const type = getNamedType(field.type) as GraphQLObjectType;
        const rowNodes = findOnlyRowNodes(this.scope.selection, type, nodes);
        const { index, code, input, layout } = this.#child(slot, binding.target(), rowNodes);
        const total = this.#position(totalSlotOf(slot));
        const connection = compileConnection(this.scope, type, nodes, code, layout);
        return (tuple, run) =>
          connection(
            {
              tuples: (tuple[index] ?? NO_TUPLES) as readonly Tuple[],
              input,
              total: total === null ? null : Number((tuple[total] as Tuple)[0] ?? 0),
            },
            run,
          );
      }
      case 'count': {
        const { index, decode } = this.#aggregates(slot);
        return (tuple) => decode[0]?.((tuple[index] as Tuple)[0]) ?? 0;
      }
      case 'aggregate': {
        const { aggregates } = planAggregates(this.scope.selection, binding.aggregate, nodes);
        const make = compileAggregate(this.scope, binding.aggregate, nodes);
        if (aggregates.length === 0) return (_tuple, run) => make([], run);
        const { index, decode } = this.#aggregates(slot);
        return (tuple, run) => {
          const cells = tuple[index] as Tuple;
          return make(
            decode.map((read, position) => read(cells[position] ?? null)),
            run,
          );
        };
      }
      default:
        throw new Uncompilable(`${this.member.typeName}.${field.name}`);
    }
  }

  #reader(column: string): (tuple: Tuple) => RowValue {
    const index = this.shape.columns.indexOf(column);
    const layout = this.layout.columns[index];
    if (layout === undefined) throw new Uncompilable(column);
    const { decode, absent } = layout;
    return (tuple) => {
      const cell = tuple[index];
      return cell === null ? absent : decode(cell);
    };
  }

  /** Where a child's cell stands; null where it was not planned. */
  #position(slot: string): number | null {
    const index = this.shape.children.findIndex((child) => child.slot === slot);
    return index < 0 ? null : this.shape.columns.length + index;
  }

  #find(slot: string): {
    readonly index: number;
    readonly layout: ChildLayout;
    readonly child: PlanShape['children'][number];
  } {
    const index = this.#position(slot);
    const position = index === null ? -1 : index - this.shape.columns.length;
    const layout = this.layout.children[position];
    const child = this.shape.children[position];
    if (index === null || layout === undefined || child === undefined) throw new Uncompilable(slot);
    return { index, layout, child };
  }

  #child(slot: string, target: RowType, nodes: readonly FieldNode[]) {
    const { index, layout, child } = this.#find(slot);
    if (layout.kind === 'aggregate' || child.kind === 'aggregate') throw new Uncompilable(slot);
    const code = compileRow(this.scope, target, nodes, child.row, layout.row);
    return { index, code, input: child.input, layout: layout.row };
  }

  #aggregates(slot: string): { readonly index: number; readonly decode: readonly DecodeCell[] } {
    const { index, layout } = this.#find(slot);
    if (layout.kind !== 'aggregate') throw new Uncompilable(slot);
    return { index, decode: layout.decode };
  }
}

/** A list of rows, within its bound. */
export function compileList(index: number, code: TupleCode, limits: PageLimits): FieldCode<Tuple> {
  return (tuple, run) => {
    const cell = tuple[index];
    return cell === null ? [] : showList(cell as readonly Tuple[], code, run, limits);
  };
}

/** @throws Bail where the list is too long */
export function showList(
  tuples: readonly Tuple[],
  code: TupleCode,
  run: Parameters<TupleCode>[1],
  limits: PageLimits,
): unknown[] {
  if (tuples.length > limits.maxPageRows) throw BAIL;
  const shown = new Array<unknown>(tuples.length);
  for (let index = 0; index < tuples.length; index += 1) shown[index] = code(tuples[index] as Tuple, run);
  return shown;
}

const NO_TUPLES: readonly Tuple[] = Object.freeze([]);
