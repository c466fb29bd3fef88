import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';

type Variables = { readonly [name: string]: unknown };

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly hasDefault: boolean;
  readonly default: unknown;
}

/**
 * An operation's variables, their types looked up once. Values come out as graphql-js' `getVariableValues` has them;
 * what is faulty in them is for that to say.
 */
export class OperationVariables {
  private readonly variables: readonly (Variable | null)[];

  /** Of a validated operation. */
  constructor(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]) {
    this.variables = definitions.map((definition) => readDefinition(schema, definition));
  }

  /** Null where a value is faulty, or nested so deep that it can't be told. */
  coerce(given: Variables): Variables | null {
    try {
      return this.coerceAll(given);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  private coerceAll(given: Variables): Variables | null {
    const coerced: Record<string, unknown> = Object.create(null);
    let isSound = true;
    const notice = () => {
      isSound = false;
    };
    for (const variable of this.variables) {
      if (variable === null) return null;
      const { name, type } = variable;
      const isGiven = Object.hasOwn(given, name);
      if (!isGiven && variable.hasDefault) coerced[name] = variable.default;
      else if (isNonNullType(type) && (!isGiven || given[name] === null)) return null;
      else if (isGiven && given[name] === null) coerced[name] = null;
      else if (isGiven) coerced[name] = coerceInputValue(given[name], type, notice);
      if (!isSound) return null;
    }
    return coerced;
  }
}

function readDefinition(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
): Variable | null {
  const type = typeFromAST(schema, typeNode);
  if (!isInputType(type)) return null;
  return {
    name: variable.name.value,
    type,
    hasDefault: defaultValue !== undefined,
    default: defaultValue === undefined ? undefined : valueFromAST(defaultValue, type),
  };
}
