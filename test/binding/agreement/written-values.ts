import {
  type ConstValueNode,
  GraphQLBoolean,
  type GraphQLInputType,
  GraphQLNonNull,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  parseType,
  print,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { Random } from './random.js';

/** Names that would be trouble to code that took them for keys of plain objects. */
const VARIABLE_NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'first', 'filter', 'if'];

/** Writes values down as literals, as variables (given, null, absent, with defaults), or as a mixture. */
export class WrittenValues {
  readonly definitions: VariableDefinitionNode[] = [];
  /** What the request sends. */
  readonly variables: Record<string, unknown> = Object.create(null);

  constructor(private readonly random: Random) {}

  /** `mayBeNullable` where the place has a default value of its own. */
  write(value: unknown, type: GraphQLInputType, depth = 0, mayBeNullable = false): ValueNode {
    if (this.random.chance(depth === 0 ? 0.3 : 0.12)) return this.#writeVariable(value, type, mayBeNullable);
    return this.#writeLiteral(value, type, depth);
  }

  /** A condition for @skip or @include. */
  writeCondition(value: boolean): ValueNode {
    const type = new GraphQLNonNull(GraphQLBoolean);
    return this.random.chance(0.8) ? this.#writeVariable(value, type, false) : { kind: Kind.BOOLEAN, value };
  }

  #writeVariable(value: unknown, type: GraphQLInputType, mayBeNullable: boolean): ValueNode {
    const { random } = this;
    const same = this.definitions.filter((known) => print(known.type) === String(type));
    const reused = random.chance(0.25) ? random.pickIfAny(same) : undefined;
    if (reused !== undefined) return reused.variable;
    const nullable = getNullableType(type);
    const literal = value === null || value === undefined ? null : writeConst(value, nullable);
    if (isNonNullType(type)) {
      // A default makes up for a nullable variable where null is refused.
      if (literal !== null && random.chance(0.3)) {
        return this.#declare(String(nullable), literal, random.chance(0.5) ? { value } : null);
      }
      return mayBeNullable && random.chance(0.2)
        ? this.#declare(String(nullable), null, random.chance(0.5) ? { value } : null)
        : this.#declare(String(type), null, { value });
    }
    const given = random.chance(0.75) ? { value } : random.chance(0.5) ? { value: null } : null;
    if (literal !== null && random.chance(0.3)) return this.#declare(String(type), literal, given);
    return given !== null && given.value !== null && random.chance(0.2)
      ? this.#declare(`${type}!`, null, given)
      : this.#declare(String(type), null, given);
  }

  #declare(
    type: string,
    defaultValue: ConstValueNode | null,
    given: { readonly value: unknown } | null,
  ): ValueNode {
    const taken = new Set(this.definitions.map(({ variable }) => variable.name.value));
    const odd = this.random.chance(0.06) ? this.random.pick(VARIABLE_NAMES) : null;
    const name = odd === null || taken.has(odd) ? `v${this.definitions.length}` : odd;
    const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
    this.definitions.push({
      kind: Kind.VARIABLE_DEFINITION,
      variable,
      type: parseType(type),
      ...(defaultValue !== null && { defaultValue }),
    });
    if (given !== null) {
      // A value of the wrong kind is refused by all in the same words, before anything runs.
      const wrong = this.random.chance(0.005);
      this.variables[name] = wrong ? { wrong: true } : given.value;
    }
    return variable;
  }

  #writeLiteral(value: unknown, type: GraphQLInputType, depth: number): ValueNode {
    const nullable = getNullableType(type);
    if (value === null || value === undefined) return NULL;
    if (isListType(nullable)) {
      const items = Array.isArray(value) ? value : [value];
      const values = items.map((item) => this.write(item, nullable.ofType, depth + 1));
      // A single item stands for a list of it.
      return values.length === 1 && this.random.chance(0.2) && values[0]!.kind !== Kind.VARIABLE
        ? values[0]!
        : { kind: Kind.LIST, values };
    }
    if (isInputObjectType(nullable)) {
      const fields = Object.entries(value as object).map(([name, part]) => {
        const field = nullable.getFields()[name]!;
        const written = this.write(part, field.type, depth + 1, field.defaultValue !== undefined);
        return { kind: Kind.OBJECT_FIELD, name: { kind: Kind.NAME, value: name }, value: written } as const;
      });
      return { kind: Kind.OBJECT, fields };
    }
    return writeConst(value, nullable) ?? this.#declare(String(type), null, { value });
  }
}

const NULL = { kind: Kind.NULL } as const;

/** Null where no literal says it. */
function writeConst(value: unknown, type: GraphQLInputType): ConstValueNode | null {
  const nullable = getNullableType(type);
  if (value === null || value === undefined) return NULL;
  if (isListType(nullable)) {
    const values = (Array.isArray(value) ? value : [value]).map((item) => writeConst(item, nullable.ofType));
    return values.includes(null) ? null : { kind: Kind.LIST, values: values as ConstValueNode[] };
  }
  if (isInputObjectType(nullable)) {
    const fields = Object.entries(value as object).map(([name, part]) => ({
      name,
      value: writeConst(part, nullable.getFields()[name]!.type),
    }));
    return toObjectNode(fields);
  }
  if (isEnumType(nullable)) return { kind: Kind.ENUM, value: String(value) };
  return writePlain(value);
}

function writePlain(value: unknown): ConstValueNode | null {
  switch (typeof value) {
    case 'boolean':
      return { kind: Kind.BOOLEAN, value };
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 1e15
        ? { kind: Kind.INT, value: String(Object.is(value, -0) ? 0 : value) }
        : { kind: Kind.FLOAT, value: String(value) };
    case 'string':
      return { kind: Kind.STRING, value };
    default: {
      if (value === null || value === undefined) return NULL;
      if (!Array.isArray(value)) {
        return toObjectNode(Object.entries(value).map(([name, part]) => ({ name, value: writePlain(part) })));
      }
      const values = value.map(writePlain);
      return values.includes(null) ? null : { kind: Kind.LIST, values: values as ConstValueNode[] };
    }
  }
}

function toObjectNode(
  fields: readonly { readonly name: string; readonly value: ConstValueNode | null }[],
): ConstValueNode | null {
  if (fields.some(({ name, value }) => value === null || !/^[_A-Za-z]\w*$/.test(name))) return null;
  return {
    kind: Kind.OBJECT,
    fields: fields.map(({ name, value }) => ({
      kind: Kind.OBJECT_FIELD,
      name: { kind: Kind.NAME, value: name },
      value: value!,
    })),
  };
}
