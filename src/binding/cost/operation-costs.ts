import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
} from 'graphql';
import { KnownOperations } from '../known-operations.js';
import { readConditionNames } from './collect-fields.js';
import { type CostProgram, capCost, compileCost, TooManySteps } from './compile-cost.js';
import type { CostTable } from './cost-table.js';
import { chargeOf, type FieldCharge } from './field-charge.js';
import { evaluate, type Variables } from './term.js';
import { MAX_COST, MIN_COST } from './weights.js';

/** Programs kept of one operation: callers can make 2^n of them with n conditions. Others are made anew each time. */
const MAX_VARIANTS = 16;

/** What an operation costs before it runs. */
export interface OperationCost {
  /** In points: a whole number from `MIN_COST` to `MAX_COST`. */
  readonly cost: number;
  /** What each root field has of it, by response key; to tell people which one is dear. */
  readonly fields: readonly { readonly key: string; readonly cost: number }[];
  /**
   * What it takes of fields' own limits; no field is there twice. Empty, as `fields`, where the cost is `MAX_COST`
   * because it takes too many steps to be told.
   */
  readonly fieldCharges: readonly FieldCharge[];
}

type CostOf = (variables: Variables) => OperationCost;

interface KnownOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: readonly string[];
  readonly readVariable: (name: string) => (variables: Variables) => unknown;
  readonly variants: Map<string, CostOf>;
}

/**
 * Tells what operations cost, before they run and without looking at data. A document is read once; what is left for a
 * request is the arithmetic over its variables.
 */
export class OperationCosts {
  readonly #known = new KnownOperations((document, operationName) => {
    const operation = getOperationAST(document, operationName);
    return operation == null ? null : readOperation(this.schema, document, operation);
  });

  constructor(
    private readonly schema: GraphQLSchema,
    /** What the costs are made of. */
    readonly table: CostTable,
  ) {}

  /**
   * The cost of an operation of a validated document with these variables, as the client sent them; null where the
   * document has no operation of the name. Of variables that don't fit, which are refused before execution, it tells
   * something.
   *
   * @throws SluiceError `BAD_USER_INPUT` where a field that requires it isn't asked with one slicing argument
   */
  measure(document: DocumentNode, operationName: string | null, variables: Variables): OperationCost | null {
    const known = this.#known.find(document, operationName);
    if (known === null) return null;
    let key = '';
    for (const name of known.conditions) key += known.readVariable(name)(variables) === true ? '1' : '0';
    let costOf = known.variants.get(key);
    if (costOf === undefined) {
      costOf = this.#compile(known, key);
      if (known.variants.size < MAX_VARIANTS) known.variants.set(key, costOf);
    }
    return costOf(variables);
  }

  #compile(known: KnownOperation, key: string): CostOf {
    const type = this.schema.getRootType(known.operation.operation);
    if (type == null) return () => NOTHING;
    try {
      const program = compileCost(
        {
          schema: this.schema,
          table: this.table,
          fragments: known.fragments,
          conditions: new Map(known.conditions.map((name, index) => [name, key[index] === '1'])),
          readVariable: known.readVariable,
        },
        type,
        known.operation.selectionSet,
      );
      return finishProgram(program);
    } catch (error) {
      if (error instanceof TooManySteps) return () => EVERYTHING;
      throw error;
    }
  }
}

const NOTHING: OperationCost = Object.freeze({ cost: MIN_COST, fields: [], fieldCharges: [] });
const EVERYTHING: OperationCost = Object.freeze({ cost: MAX_COST, fields: [], fieldCharges: [] });

function finishProgram(program: CostProgram): CostOf {
  const isConstant =
    program.checks.length === 0 &&
    program.roots.every(({ cost }) => typeof cost === 'number') &&
    [...program.charges.values()].every((amount) => typeof amount === 'number');
  if (!isConstant) return (variables) => runProgram(program, variables);
  const result = runProgram(program, {});
  return () => result;
}

function runProgram({ roots, charges, checks }: CostProgram, variables: Variables): OperationCost {
  for (const check of checks) check(variables);
  let cost = 0;
  const fields = roots.map((root) => {
    const value = evaluate(root.cost, variables);
    cost += value;
    return { key: root.key, cost: capCost(value) };
  });
  const fieldCharges: FieldCharge[] = [];
  for (const [limit, amount] of charges) fieldCharges.push(chargeOf(limit, evaluate(amount, variables)));
  return Object.freeze({ cost: Math.max(MIN_COST, capCost(cost)), fields, fieldCharges });
}

function readOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): KnownOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const conditions = new Set<string>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    // Of other operations there may be others.
    if (definition !== operation && definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    visit(definition, {
      enter(node) {
        if (!('directives' in node)) return;
        for (const name of readConditionNames(node.directives as Parameters<typeof readConditionNames>[0]))
          conditions.add(name);
      },
    });
  }
  const defaults = new Map(
    (operation.variableDefinitions ?? []).map((definition) => [
      definition.variable.name.value,
      readDefault(schema, definition),
    ]),
  );
  return {
    operation,
    fragments,
    conditions: [...conditions].sort(),
    readVariable: (name) => {
      const fallback = defaults.get(name);
      return (variables) => (Object.hasOwn(variables, name) ? variables[name] : fallback);
    },
    variants: new Map(),
  };
}

function readDefault(schema: GraphQLSchema, { type, defaultValue }: VariableDefinitionNode): unknown {
  if (defaultValue === undefined) return undefined;
  const known = typeFromAST(schema, type);
  return isInputType(known) ? valueFromAST(defaultValue, known) : undefined;
}
