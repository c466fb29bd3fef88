import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Random } from './random.js';
import type { ValuePool } from './value-pool.js';

/** Arguments of one field as plain values, before it is decided how they are written. */
export type DrawnArguments = ReadonlyMap<string, unknown>;

/** What a value is about. */
interface Subject {
  /** The type whose rows it is about. */
  readonly type: string | null;
  /** The nearest name around it that may be a column's. */
  readonly name: string;
}

const OPERATORS = new Set('eq ne in notIn lt lte gt gte contains startsWith isNull is some none'.split(' '));
const MAX_INPUT_DEPTH = 4;

/** Draws arguments that most often ask for something, and now and then for nothing or for what is refused. */
export class RandomArguments {
  constructor(
    private readonly random: Random,
    private readonly pool: ValuePool,
  ) {}

  draw(parentName: string, field: GraphQLField<unknown, unknown>): DrawnArguments {
    const names = new Set(field.args.map((argument) => argument.name));
    const key = this.#drawKey(field);
    const drawn = key ?? new Map<string, unknown>();
    const typeName = getNamedType(field.type).name;
    const subject = typeName.replace(/(Connection|Aggregate)$/, '');
    for (const argument of field.args) {
      const coordinate = `${parentName}.${field.name}(${argument.name}:)`;
      const known = this.pool.knownOf(coordinate);
      if (known.length > 0) drawn.set(argument.name, this.random.pick(known));
      if (drawn.has(argument.name) || ['first', 'last', 'after', 'before'].includes(argument.name)) continue;
      const isOther = key !== null || (names.has('id') && argument.name !== 'id');
      if (isOther && !isNonNullType(argument.type) && !this.random.chance(0.02)) continue;
      if (argument.name === 'orderBy') {
        const orderBy = this.#drawOrder(typeName, argument.type);
        if (orderBy !== undefined) drawn.set('orderBy', orderBy);
      } else if (isNonNullType(argument.type) || this.random.chance(argument.name === 'filter' ? 0.4 : 0.8)) {
        const name = argument.name === 'ids' ? 'id' : argument.name;
        const about = typeName === 'Node' ? null : subject;
        drawn.set(argument.name, this.#drawValue(argument.type, { type: about, name }, 0));
      }
    }
    this.#drawPage(names, typeName, drawn);
    return drawn;
  }

  /** Arguments that together are a key of some row. */
  #drawKey(field: GraphQLField<unknown, unknown>): Map<string, unknown> | null {
    const type = getNamedType(field.type).name;
    const model = this.pool.findModel(type);
    if (isListType(getNullableType(field.type)) || model === null || this.random.chance(0.05)) return null;
    const row = this.pool.drawRow(this.random, model);
    const names = new Set(field.args.map((argument) => argument.name));
    const uniques = this.pool.uniquesOf(model).filter((unique) => unique.every((name) => names.has(name)));
    const unique = this.random.pickIfAny(uniques);
    if (row === undefined || unique === undefined || this.random.chance(0.05)) return null;
    return new Map(
      unique.map((name) => {
        const argument = field.args.find((item) => item.name === name)!;
        const scalar = getNamedType(argument.type).name;
        // A foreign key is written as the global id of what it leads to, of any row: seldom this one's.
        const value = scalar === 'ID' ? this.pool.draw(this.random, 'ID', type, name) : row[name];
        return [name, value];
      }),
    );
  }

  #drawOrder(connection: string, type: GraphQLInputType): unknown {
    const known = this.pool.ordersOf(connection);
    if (known.length > 0 && this.random.chance(0.7)) return this.random.pick(known);
    if (this.random.chance(0.5)) return undefined;
    const terms = this.#drawValue(type, { type: null, name: '' }, 0);
    // No order may name a column twice.
    return Array.isArray(terms) && this.random.chance(0.95) ? dropRepeated(terms) : terms;
  }

  #drawPage(names: ReadonlySet<string>, connection: string, drawn: Map<string, unknown>): void {
    const { random } = this;
    const rows = () =>
      random.chance(0.04) ? random.pick([0, -1, 21, 101, 2_147_483_647]) : random.int(1, 4);
    const isBackward = names.has('last') && random.chance(0.3);
    if (names.has('first') && (isBackward ? random.chance(0.03) : random.chance(0.6)))
      drawn.set('first', rows());
    if (isBackward) drawn.set('last', rows());
    for (const [name, probability] of [
      ['after', isBackward ? 0.1 : 0.3],
      ['before', isBackward ? 0.3 : 0.1],
    ] as const) {
      if (!names.has(name) || !random.chance(probability)) continue;
      drawn.set(name, this.pool.drawCursor(random, connection, drawn.get('orderBy')));
    }
  }

  #drawValue(type: GraphQLInputType, subject: Subject, depth: number): unknown {
    const { random } = this;
    if (!isNonNullType(type) && random.chance(0.02)) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const item = getNamedType(nullable);
      const whole = isInputObjectType(item)
        ? undefined
        : this.pool.drawList(random, subject.type, subject.name);
      if (whole !== undefined && random.chance(0.7)) return whole;
      const length = random.chance(0.05) ? 0 : random.int(1, depth > 1 ? 2 : 3);
      return Array.from({ length }, () => this.#drawValue(nullable.ofType, subject, depth));
    }
    if (isInputObjectType(nullable)) return this.#drawObject(nullable, subject, depth);
    if (isEnumType(nullable)) return random.pick(nullable.getValues()).name;
    return this.pool.draw(random, nullable.name, subject.type, subject.name);
  }

  #drawObject(
    type: GraphQLInputObjectType,
    subject: Subject,
    depth: number,
  ): Readonly<Record<string, unknown>> {
    const { random } = this;
    const fields = Object.values(type.getFields());
    const about = this.pool.findModel(type.name.replace(/(Filter|Is|Order)$/, '')) ?? subject.type;
    const isRecursive = (name: string) => name === 'and' || name === 'or' || name === 'not';
    const optional = fields.filter(
      (field) =>
        !isNonNullType(field.type) &&
        (depth < MAX_INPUT_DEPTH || !isInputObjectType(getNamedType(field.type))) &&
        !(depth > 1 && isRecursive(field.name)),
    );
    const count = random.chance(0.04) ? 0 : random.chance(0.75) ? 1 : 2;
    const chosen = [
      ...fields.filter((field) => isNonNullType(field.type)),
      ...random.sample(optional, count),
    ];
    return Object.fromEntries(
      chosen.map((field) => {
        const isAbout = OPERATORS.has(field.name) || isRecursive(field.name);
        const name = isAbout ? subject.name : field.name;
        return [field.name, this.#drawValue(field.type, { type: about, name }, depth + 1)];
      }),
    );
  }
}

function dropRepeated(terms: readonly unknown[]): readonly unknown[] {
  const fieldOf = (term: unknown) => (term as { readonly field?: unknown } | null)?.field;
  const fields = terms.map(fieldOf);
  return terms.filter((term, index) => fields.indexOf(fieldOf(term)) === index);
}
