import { type ConstDirectiveNode, valueFromASTUntyped } from 'graphql';
import type { Requirement } from '../../identity/requirement.js';
import { isScope } from '../../identity/scope.js';
import type { Tiers } from '../../identity/tiers.js';
import { encodeStable } from '../../kernel/stable-encoding.js';
import { type DirectiveCarrier, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';

/** The directives that say what a viewer must be or have. */
export const VIEWER_DIRECTIVES = ['authenticated', 'requiresScopes', 'requiresTier'] as const;
type ViewerDirective = (typeof VIEWER_DIRECTIVES)[number];

/** The requirements that SDL elements carry; equal ones have one index. */
export class RequirementTable {
  readonly all: Requirement[] = [];
  readonly #indexes = new Map<string, number>();

  constructor(
    private readonly tiers: Tiers,
    private readonly faults: SchemaFaultList,
  ) {}

  /** Indexes of what `element` requires. Faulty directives are told, and left out. */
  read(element: DirectiveCarrier, place: string): readonly number[] {
    return VIEWER_DIRECTIVES.flatMap((name) => {
      const node = findDirectiveNode(element, name);
      const requirement = node === null ? null : this.#parse(name, node, place);
      return requirement === null ? [] : [this.#indexOf(requirement)];
    });
  }

  #parse(name: ViewerDirective, node: ConstDirectiveNode, place: string): Requirement | null {
    switch (name) {
      case 'authenticated':
        return { kind: 'authenticated' };
      case 'requiresTier':
        return this.#parseTier(node, place);
      case 'requiresScopes':
        return this.#parseScopes(node, place);
    }
  }

  #parseTier(node: ConstDirectiveNode, place: string): Requirement | null {
    const tier = readArgument(node, 'tier');
    const at = `@requiresTier on ${place}`;
    if (typeof tier !== 'string') this.faults.add(node, `${at}: tier must be the name of a tier, as text`);
    else if (this.tiers.find(tier) === null)
      this.faults.add(node, `${at}: ${this.tiers.explainUnknown(tier)}`);
    else if (tier === this.tiers.names[0])
      this.faults.add(node, `${at} can do nothing: everybody has at least the tier "${tier}"`);
    else return { kind: 'tier', tier };
    return null;
  }

  #parseScopes(node: ConstDirectiveNode, place: string): Requirement | null {
    const at = `@requiresScopes on ${place}`;
    // As GraphQL coerces a value where a list of it is expected.
    const anyOf = asList(readArgument(node, 'scopes')).map(asList);
    if (anyOf.length === 0 || anyOf.some((scopes) => scopes.length === 0)) {
      this.faults.add(node, `${at} has an empty list: name at least one scope in each`);
      return null;
    }
    if (!anyOf.every((scopes) => scopes.every(isScope))) {
      this.faults.add(node, `${at}: a scope is a text without spaces, such as "orders:read"`);
      return null;
    }
    return { kind: 'scopes', anyOf: anyOf as string[][] };
  }

  #indexOf(requirement: Requirement): number {
    const content = encodeStable(requirement);
    let index = this.#indexes.get(content);
    if (index === undefined) {
      index = this.all.push(Object.freeze(requirement)) - 1;
      this.#indexes.set(content, index);
    }
    return index;
  }
}

function readArgument(node: ConstDirectiveNode, name: string): unknown {
  const argument = node.arguments?.find((item) => item.name.value === name);
  return argument === undefined ? undefined : valueFromASTUntyped(argument.value);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
