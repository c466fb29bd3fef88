import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type SelectionSetNode,
} from 'graphql';
import { type CollectScope, collectFields } from './collect-fields.js';
import type { CostTable, FieldCost, FieldLimit } from './cost-table.js';
import { measureList, type ReadVariable, requireOneSlice } from './list-length.js';
import { addTerms, maximumOf, multiplyTerms, type Term, type Variables } from './term.js';
import { MAX_COST, WEIGHTS } from './weights.js';

/** Selections looked at before an operation's cost is given up: far more than one that people write has. */
const MAX_STEPS = 100_000;

/** An operation's cost as a program over its variables. */
export interface CostProgram {
  readonly roots: readonly { readonly key: string; readonly cost: Term }[];
  /** How often each limited field is resolved. */
  readonly charges: ReadonlyMap<FieldLimit, Term>;
  /** Throw where a field isn't asked as it must be. */
  readonly checks: readonly ((variables: Variables) => void)[];
}

/** What one selection costs for each object that it is made of. */
interface SelectionCost {
  readonly cost: Term;
  readonly charges: ReadonlyMap<FieldLimit, Term>;
}

/** A list's length that the object around it was asked with, and the fields that have it. */
interface Sizing {
  readonly fields: readonly string[];
  readonly size: Term;
}

const NOTHING: SelectionCost = { cost: 0, charges: new Map() };
const NO_SIZING: Sizing = { fields: [], size: 1 };

export interface CompileCostOptions extends Omit<CollectScope, 'onStep'> {
  readonly table: CostTable;
  readonly readVariable: ReadVariable;
}

/** Thrown where a document unfolds to more than can be looked at: it costs all that there is. */
export class TooManySteps extends Error {
  constructor() {
    super(`The operation unfolds to more than ${MAX_STEPS} selections`);
  }
}

/** Compiles one variant of an operation: conditions are evaluated, other variables open. @throws TooManySteps */
export function compileCost(
  options: CompileCostOptions,
  type: GraphQLObjectType,
  selectionSet: SelectionSetNode,
): CostProgram {
  return new CostCompilation(options).compile(type, selectionSet);
}

class CostCompilation {
  readonly #checks: ((variables: Variables) => void)[] = [];
  readonly #scope: CollectScope;
  /** Selections of the same nodes on the same type are the same wherever they stand. */
  readonly #known = new Map<string, SelectionCost>();
  readonly #numbers = new Map<SelectionSetNode, number>();
  #steps = 0;

  constructor(private readonly options: CompileCostOptions) {
    this.#scope = {
      ...options,
      onStep: () => {
        this.#steps += 1;
        if (this.#steps > MAX_STEPS) throw new TooManySteps();
      },
    };
  }

  compile(type: GraphQLObjectType, selectionSet: SelectionSetNode): CostProgram {
    const roots: { key: string; cost: Term }[] = [];
    const parts: SelectionCost[] = [];
    for (const [key, nodes] of collectFields(this.#scope, type, [selectionSet])) {
      const part = this.#compileField(type, nodes, NO_SIZING);
      roots.push({ key, cost: part.cost });
      parts.push(part);
    }
    return { roots, charges: addCharges(parts), checks: this.#checks };
  }

  #compileField(type: GraphQLObjectType, nodes: readonly FieldNode[], sizing: Sizing): SelectionCost {
    const [node] = nodes;
    const name = node?.name.value ?? '';
    // Introspection, whose fields stand in no table.
    if (name === '__schema') return { ...NOTHING, cost: WEIGHTS.introspectedSchema };
    if (name === '__type') return { ...NOTHING, cost: WEIGHTS.introspectedType };
    const field = type.getFields()[name];
    const known = this.options.table.types.get(type.name)?.get(name);
    if (node === undefined || field === undefined || known === undefined) return NOTHING;
    const length = this.#measure(`${type.name}.${name}`, field, node, known);
    const size = sizing.fields.includes(name)
      ? sizing.size
      : known.sizedFields.length > 0
        ? 1
        : (length ?? 1);
    const below = this.#compileBelow(field, nodes, known, length);
    const own: Term[] = [...known.argumentWeights].map(([argument, weight]) =>
      isArgumentGiven(node, argument) ? weight : 0,
    );
    const shown = multiplyTerms(size, addTerms([known.weight, below.cost]));
    // A page is read whatever is shown of it.
    const read = multiplyTerms(length ?? 0, known.pageWeight);
    const cost = addTerms([...own, maximumOf([read, shown])]);
    const charges = multiplyCharges(below.charges, size);
    return { cost, charges: known.limit === null ? charges : addCharge(charges, known.limit, 1) };
  }

  #measure(
    coordinate: string,
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    { size }: FieldCost,
  ): Term | null {
    if (size === null) return null;
    const { readVariable } = this.options;
    if (size.requiresOneArgument) {
      this.#checks.push(requireOneSlice(size, coordinate, field, node, readVariable));
    }
    return measureList(size, field, node, readVariable);
  }

  #compileBelow(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    known: FieldCost,
    length: Term | null,
  ): SelectionCost {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return NOTHING;
    const selectionSets = selectionSetsOf(nodes);
    if (known.sizedFields.length > 0 && length !== null && !isAbstractType(type))
      return this.#compileObject(type, selectionSets, { fields: known.sizedFields, size: length });
    if (!isAbstractType(type)) return this.#compileSelection(type, selectionSets);
    const members = this.options.schema.getPossibleTypes(type).map((member) => {
      const { cost, charges } = this.#compileSelection(member, selectionSets);
      return { cost: addTerms([known.memberWeights?.get(member.name) ?? 0, cost]), charges };
    });
    return dearest(members);
  }

  #compileSelection(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): SelectionCost {
    const key = `${type.name} ${selectionSets.map((set) => this.#numberOf(set)).join()}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = this.#compileObject(type, selectionSets, NO_SIZING);
      this.#known.set(key, known);
    }
    return known;
  }

  #compileObject(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
    sizing: Sizing,
  ): SelectionCost {
    const parts: SelectionCost[] = [];
    for (const nodes of collectFields(this.#scope, type, selectionSets).values()) {
      parts.push(this.#compileField(type, nodes, sizing));
    }
    return { cost: addTerms(parts.map(({ cost }) => cost)), charges: addCharges(parts) };
  }

  #numberOf(selectionSet: SelectionSetNode): number {
    let number = this.#numbers.get(selectionSet);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(selectionSet, number);
    }
    return number;
  }
}

/** An object is of one type only, and may be of the one that costs most. */
function dearest(parts: readonly SelectionCost[]): SelectionCost {
  const charges = new Map<FieldLimit, Term>();
  for (const limit of new Set(parts.flatMap((part) => [...part.charges.keys()]))) {
    charges.set(limit, maximumOf(parts.map((part) => part.charges.get(limit) ?? 0)));
  }
  return { cost: maximumOf(parts.map(({ cost }) => cost)), charges };
}

function selectionSetsOf(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => (selectionSet === undefined ? [] : [selectionSet]));
}

function isArgumentGiven(node: FieldNode, name: string): boolean {
  return node.arguments?.some((argument) => argument.name.value === name) === true;
}

function addCharges(parts: readonly SelectionCost[]): ReadonlyMap<FieldLimit, Term> {
  if (parts.every(({ charges }) => charges.size === 0)) return NOTHING.charges;
  const sums = new Map<FieldLimit, Term>();
  for (const { charges } of parts) {
    for (const [limit, amount] of charges) sums.set(limit, addTerms([sums.get(limit) ?? 0, amount]));
  }
  return sums;
}

function multiplyCharges(charges: ReadonlyMap<FieldLimit, Term>, size: Term): ReadonlyMap<FieldLimit, Term> {
  if (charges.size === 0) return charges;
  return new Map([...charges].map(([limit, amount]) => [limit, multiplyTerms(size, amount)]));
}

function addCharge(
  charges: ReadonlyMap<FieldLimit, Term>,
  limit: FieldLimit,
  amount: number,
): ReadonlyMap<FieldLimit, Term> {
  return new Map(charges).set(limit, addTerms([charges.get(limit) ?? 0, amount]));
}

/** A sum of weights as a cost: whole, rounded up, and no more than a cost may be. */
export function capCost(cost: number): number {
  // Weights have three decimals: what remains below that is the error of adding them.
  return Math.min(Math.ceil(cost - 1e-6), MAX_COST);
}
