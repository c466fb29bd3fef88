import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
} from 'graphql';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { PlanChild, PlanInput, PlanShape } from '../../reads/plan/read-plan.js';
import type { FieldBinding, ObjectBinding, RowType } from '../bindings.js';
import { planAggregates } from '../execution/resolve-aggregate.js';
import { COUNT } from '../execution/rows-request.js';
import {
  countRowPlaces,
  findRowNodes,
  findSelectedColumns,
  membersOf,
} from '../execution/selected-columns.js';
import {
  collectResponseFields,
  collectSelectedFields,
  nameOfField,
  type SelectionScope,
} from '../execution/selected-fields.js';
import type { PageLimits } from '../resolvers.js';
import {
  connectionInput,
  filteredInput,
  type InputOptions,
  type InputSource,
  listInput,
  typeInput,
} from './plan-inputs.js';
import { slotOf, totalSlotOf } from './slots.js';

/**
 * Fields of one statement that are subqueries, at most; what an operation has beyond goes through loaders. Fragments
 * that spread each other several times unfold to any number of fields, and unlike graphql-js, which stops where there
 * is no row, a plan would walk them all.
 */
const MAX_PLANNED_FIELDS = 200;

/** Looks ahead from one root field: gathers the shape of what it reads, and where each of its inputs comes from. */
export class SelectionPlanner {
  /** By index; the root's own, at 0, is the caller's. */
  readonly inputs: (InputSource | null)[] = [null];
  /** Whether a field was left out because its arguments are faulty. */
  isFaulty = false;
  #fieldsLeft = MAX_PLANNED_FIELDS;

  constructor(
    private readonly scope: SelectionScope,
    private readonly limits: PageLimits,
  ) {}

  /**
   * The columns and everything bound below that a selection of `target`'s rows asks for. A field that can't be planned
   * (written by hand, or with faulty arguments) is left to its resolver, which finds no slot. `alsoColumns` are read
   * in any case.
   */
  plan(target: RowType, nodes: readonly FieldNode[], alsoColumns: readonly string[] = []): PlanShape {
    const columns = this.#planColumns(target, nodes, alsoColumns);
    const children: PlanChild[] = [];
    for (const member of membersOf(target)) {
      const type = this.scope.schema.getType(member.typeName);
      if (!isObjectType(type)) continue;
      const when = 'members' in target && member.discriminator !== null ? member.isMember : null;
      for (const [key, fieldNodes] of collectResponseFields(this.scope, type, nodes)) {
        const planned = this.#planField(type, member, slotOf(member.typeName, key), fieldNodes);
        for (const child of planned) children.push({ ...child, when } as PlanChild);
      }
    }
    return { model: target.model.name, columns, children };
  }

  /**
   * The same for the rows of a connection. Rows that the answer shows in several places are planned without what is
   * below them: each place may ask something else under the same keys, and a slot holds one thing.
   */
  planConnection(
    target: RowType,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    orderColumns: readonly string[],
  ): PlanShape {
    const rowNodes = findRowNodes(this.scope, type, nodes);
    if (countRowPlaces(this.scope, type, nodes) < 2) return this.plan(target, rowNodes, orderColumns);
    const columns = this.#planColumns(target, rowNodes, orderColumns);
    return { model: target.model.name, columns, children: [] };
  }

  #planColumns(
    target: RowType,
    nodes: readonly FieldNode[],
    alsoColumns: readonly string[],
  ): readonly string[] {
    const selected = [...new Set([...findSelectedColumns(this.scope, target, nodes), ...alsoColumns])];
    return selected.length > 0 ? selected : [...target.model.columns.keys()].slice(0, 1);
  }

  #planField(
    type: GraphQLObjectType,
    owner: ObjectBinding,
    slot: string,
    nodes: readonly FieldNode[],
  ): readonly OpenChild[] {
    const name = nameOfField(nodes);
    const binding = owner.fields.get(name);
    const field = type.getFields()[name];
    if (binding === undefined || field === undefined || !PLANNED_KINDS.has(binding.kind)) return [];
    if (this.#fieldsLeft === 0) return [];
    this.#fieldsLeft -= 1;
    const inputs = this.inputs.length;
    try {
      return this.#planBinding(field, binding, nodes, slot);
    } catch (error) {
      // The field's own resolver meets the same fault, and throws it where it belongs in the answer.
      if (!(error instanceof GraphQLError || error instanceof SluiceError)) throw error;
      this.inputs.length = inputs;
      this.isFaulty = true;
      return [];
    }
  }

  #planBinding(
    field: GraphQLField<unknown, unknown>,
    binding: FieldBinding,
    nodes: readonly FieldNode[],
    slot: string,
  ): readonly OpenChild[] {
    const [node] = nodes;
    if (node === undefined) return [];
    switch (binding.kind) {
      case 'toOne': {
        const target = binding.target();
        const input = this.#addInput(typeInput(target));
        return [{ kind: 'one', slot, relation: binding.relation.name, input, row: this.plan(target, nodes) }];
      }
      case 'arc':
        return binding.arms.map(({ relation, target }) => {
          const input = this.#addInput(typeInput(target));
          const row = this.plan(target, nodes);
          return { kind: 'one', slot: `${slot}/${relation.name}`, relation: relation.name, input, row };
        });
      case 'toMany': {
        const input = this.#addInput(listInput(binding.rows, field, node, this.#options));
        return [
          {
            kind: 'many',
            slot,
            relation: binding.relation.name,
            input,
            row: this.plan(binding.target(), nodes),
          },
        ];
      }
      case 'connection': {
        const type = getNamedType(field.type) as GraphQLObjectType;
        const source = connectionInput(binding.rows, field, node, this.#options);
        const input = this.#addInput(source);
        const order = this.#evaluate(source).order.map((term) => term.column);
        const row = this.planConnection(binding.target(), type, nodes, order);
        const relation = binding.relation.name;
        const page: OpenChild = { kind: 'many', slot, relation, input, row };
        if (!collectSelectedFields(this.scope, type, nodes).has('totalCount')) return [page];
        const counted = this.#addInput(filteredInput(binding.rows, field, node, this.scope.access));
        return [
          page,
          { kind: 'aggregate', slot: totalSlotOf(slot), relation, input: counted, aggregates: [COUNT] },
        ];
      }
      case 'count':
      case 'aggregate': {
        const aggregates =
          binding.kind === 'count'
            ? [COUNT]
            : planAggregates(this.scope, binding.aggregate, nodes).aggregates;
        // Also where nothing is aggregated: arguments are faulty whether or not anyone reads by them.
        const input = this.#addInput(filteredInput(binding.target, field, node, this.scope.access));
        if (aggregates.length === 0) return [];
        return [{ kind: 'aggregate', slot, relation: binding.relation.name, input, aggregates }];
      }
      default:
        return [];
    }
  }

  /** Notes an input, unless these variables make it faulty. */
  #addInput(source: InputSource): number {
    this.#evaluate(source);
    this.inputs.push(source);
    return this.inputs.length - 1;
  }

  get #options(): InputOptions {
    return { limits: this.limits, access: this.scope.access };
  }

  #evaluate(source: InputSource): PlanInput {
    return source.read(this.scope.variableValues);
  }
}

/** Fields that read something beside their row's columns. */
const PLANNED_KINDS: ReadonlySet<FieldBinding['kind']> = new Set([
  'toOne',
  'arc',
  'toMany',
  'connection',
  'count',
  'aggregate',
]);

/** A child without the guard that its member's discriminator is. */
type OpenChild = PlanChild extends infer Child
  ? Child extends PlanChild
    ? Omit<Child, 'when'>
    : never
  : never;

/** A plan's inputs for these variables, the root's given. @throws GraphQLError or SluiceError for faulty arguments */
export function readInputs(
  root: PlanInput,
  sources: readonly (InputSource | null)[],
  variables: SelectionScope['variableValues'],
): readonly PlanInput[] {
  return sources.map((source) => (source === null ? root : source.read(variables)));
}
