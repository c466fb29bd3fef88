import {
  type ArgumentNode,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
  isUnionType,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Random } from './random.js';
import type { RandomArguments } from './random-arguments.js';
import { type FieldFacts, findOverlapping, getFieldFacts, overlap } from './schema-facts.js';
import type { WrittenValues } from './written-values.js';

type Field = GraphQLField<unknown, unknown>;

/** How deep lists may nest: each level multiplies rows. */
const MAX_LISTS = 3;
const MAX_DEPTH = 6;
/** Response keys that are common names of other fields, and such as every object has from its prototype. */
const ALIASES =
  'a b c id name nodes edges node totalCount count __proto__ constructor toString valueOf then'.split(' ');

export interface SelectionParts {
  readonly random: Random;
  readonly schema: GraphQLSchema;
  readonly args: RandomArguments;
  readonly values: WrittenValues;
  /** Fields at most, roughly. */
  readonly budget: number;
  /** How often a field is chosen beside its siblings; 1 unless told otherwise. */
  readonly weightOf: (coordinate: string) => number;
}

/** Where a selection set stands. */
interface Place {
  /** Response keys from the root on: what is selected twice under the same ones is merged. */
  readonly path: string;
  readonly depth: number;
  readonly lists: number;
}

interface KnownFragment {
  readonly node: FragmentDefinitionNode;
  readonly type: GraphQLCompositeType;
  /** How many lists nest in it. */
  readonly lists: number;
}

/** Draws selection sets: fields, aliases, inline and named fragments, conditions. */
export class RandomSelections {
  readonly #fragments: KnownFragment[] = [];
  /** What each response key stands for, by its path: fields of one path must be able to merge. */
  readonly #taken = new Map<string, string>();
  #left: number;
  /** The deepest nesting of lists since it was last set. */
  #deepest = 0;
  #names = 0;

  constructor(private readonly parts: SelectionParts) {
    this.#left = parts.budget;
  }

  get fragments(): readonly FragmentDefinitionNode[] {
    return this.#fragments.map(({ node }) => node);
  }

  draw(type: GraphQLCompositeType, place: Place = { path: '', depth: 0, lists: 0 }): SelectionSetNode {
    const { random } = this.parts;
    const selections: SelectionNode[] = [];
    const count = place.depth === 0 ? random.int(1, 3) : random.int(1, 5);
    for (let index = 0; index < count && this.#left > 0; index += 1) {
      const selection = this.#drawSelection(type, place);
      if (selection !== null) selections.push(selection);
    }
    if (selections.length === 0) selections.push(TYPE_NAME);
    return { kind: Kind.SELECTION_SET, selections };
  }

  #drawSelection(type: GraphQLCompositeType, place: Place): SelectionNode | null {
    const { random } = this.parts;
    const isAbstract = !isObjectType(type);
    if (random.chance(isAbstract ? 0.5 : 0.07)) return this.#drawInline(type, place);
    if (random.chance(isAbstract ? 0.2 : 0.07)) return this.#drawSpread(type, place);
    return this.#drawField(type, place);
  }

  #drawInline(type: GraphQLCompositeType, place: Place): SelectionNode {
    const condition = this.parts.random.chance(0.15) ? null : this.#drawCondition(type);
    return {
      kind: Kind.INLINE_FRAGMENT,
      ...(condition !== null && { typeCondition: namedType(condition.name) }),
      directives: this.#drawDirectives(0.15),
      selectionSet: this.draw(condition ?? type, { ...place, depth: place.depth + 1 }),
    };
  }

  #drawSpread(type: GraphQLCompositeType, place: Place): SelectionNode {
    const { random, schema } = this.parts;
    const usable = this.#fragments.filter(
      (known) => overlap(schema, known.type, type) && known.lists + place.lists <= MAX_LISTS,
    );
    const known = random.chance(0.5) ? random.pickIfAny(usable) : undefined;
    const fragment = known ?? this.#defineFragment(this.#drawCondition(type), place);
    this.#deepest = Math.max(this.#deepest, place.lists + fragment.lists);
    return {
      kind: Kind.FRAGMENT_SPREAD,
      name: fragment.node.name,
      directives: this.#drawDirectives(0.15),
    };
  }

  /** A fragment is known once it is whole, so that none contains itself. */
  #defineFragment(type: GraphQLCompositeType, place: Place): KnownFragment {
    const before = this.#deepest;
    this.#deepest = place.lists;
    const name = `F${this.#names++}`;
    const selectionSet = this.draw(type, { ...place, depth: place.depth + 1 });
    const node: FragmentDefinitionNode = {
      kind: Kind.FRAGMENT_DEFINITION,
      name: { kind: Kind.NAME, value: name },
      typeCondition: namedType(type.name),
      selectionSet,
    };
    const fragment = { node, type, lists: this.#deepest - place.lists };
    this.#deepest = Math.max(before, this.#deepest);
    this.#fragments.push(fragment);
    return fragment;
  }

  /** A type that an object of `type` may be of. */
  #drawCondition(type: GraphQLCompositeType): GraphQLCompositeType {
    const { random, schema } = this.parts;
    return random.chance(0.3) ? type : random.pick(findOverlapping(schema, type));
  }

  #drawField(type: GraphQLCompositeType, place: Place): FieldNode | null {
    const { random, weightOf } = this.parts;
    if (isUnionType(type) || random.chance(0.06)) return this.#finishField(type, null, place);
    const mayNest = place.depth < MAX_DEPTH && this.#left > 1;
    const isPaged = 'edges' in type.getFields() && 'nodes' in type.getFields();
    // Rows of a page are seldom asked for twice.
    const shown = random.chance(0.5) ? 'edges' : 'nodes';
    const choice = random.pickWeighted(getFieldFacts(type), ({ field, coordinate, nested, lists }) => {
      if (nested !== null && (!mayNest || place.lists + lists > MAX_LISTS)) return 0;
      const isOther = isPaged && (field.name === 'edges' || field.name === 'nodes') && field.name !== shown;
      return weightOf(coordinate) * (isOther ? 0.2 : 1);
    });
    return this.#finishField(type, choice ?? null, place);
  }

  /** `choice` null: __typename. */
  #finishField(type: GraphQLCompositeType, choice: FieldFacts | null, place: Place): FieldNode | null {
    this.#left -= 1;
    const field = choice?.field ?? null;
    const args = field === null ? [] : this.#drawArguments(type, field);
    const key = this.#drawKey(field?.name ?? '__typename', `${field?.type ?? 'String!'}`, args, place);
    if (key === null) return null;
    const node: FieldNode = {
      kind: Kind.FIELD,
      name: { kind: Kind.NAME, value: field?.name ?? '__typename' },
      ...(key !== (field?.name ?? '__typename') && { alias: { kind: Kind.NAME, value: key } }),
      arguments: args,
      directives: this.#drawDirectives(0.08),
    };
    if (choice === null || choice.nested === null) return node;
    const lists = place.lists + choice.lists;
    this.#deepest = Math.max(this.#deepest, lists);
    const inner = { path: `${place.path}.${key}`, depth: place.depth + 1, lists };
    return { ...node, selectionSet: this.draw(choice.nested, inner) };
  }

  #drawArguments(type: GraphQLCompositeType, field: Field): readonly ArgumentNode[] {
    const { args, random, values } = this.parts;
    const drawn = args.draw(type.name, field);
    const nodes = field.args.flatMap((argument): ArgumentNode[] => {
      if (!drawn.has(argument.name)) return [];
      const value = values.write(
        drawn.get(argument.name),
        argument.type,
        0,
        argument.defaultValue !== undefined,
      );
      return [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: argument.name }, value }];
    });
    return random.chance(0.2) ? nodes.reverse() : nodes;
  }

  /** A response key that may stand here for this field with these arguments; null where none was found. */
  #drawKey(name: string, type: string, args: readonly ArgumentNode[], place: Place): string | null {
    const { random } = this.parts;
    const written = args.map((argument) => print(argument)).sort();
    const meaning = `${name}(${written.join()}): ${type}`;
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const key = random.chance(attempt === 0 ? 0.25 : 0.9) ? random.pick(ALIASES) : name;
      const at = `${place.path}.${key}`;
      const known = this.#taken.get(at);
      if (known !== undefined && known !== meaning) continue;
      this.#taken.set(at, meaning);
      return key;
    }
    return null;
  }

  #drawDirectives(probability: number): DirectiveNode[] {
    const { random, values } = this.parts;
    if (!random.chance(probability)) return [];
    const names = random.chance(0.15) ? ['skip', 'include'] : [random.pick(['skip', 'include'])];
    return names.map((name) => ({
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: name },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'if' },
          // Most show what they stand before: an answer without anything agrees with every other.
          value: values.writeCondition((name === 'include') === random.chance(0.7)),
        },
      ],
    }));
  }
}

const TYPE_NAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function namedType(name: string) {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } } as const;
}
