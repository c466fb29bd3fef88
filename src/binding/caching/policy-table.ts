import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { type CacheHint, type CacheScope, NO_HINT, overlayHints } from '../../cache/policy/cache-hint.js';
import type { FieldPolicy } from '../../cache/policy/cache-policy.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { ObjectBinding } from '../bindings.js';
import { type DirectiveCarrier, findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { checkHint, type HintNames, readHint } from './read-hints.js';

/** What an app says of a type or a field; times in seconds, as `@cacheControl` and `@cachePolicy` have them. */
export interface CachePolicySetting {
  readonly maxAge?: number;
  readonly scope?: CacheScope;
  readonly inheritMaxAge?: boolean;
  readonly staleWhileRevalidate?: number;
  readonly staleIfError?: number;
  readonly vary?: readonly string[];
  readonly cache?: string;
}

/** What an app says without touching its SDL, by a type's name or a field's coordinate, such as `Query.animals`. */
export type CachePolicySettings = { readonly [place: string]: CachePolicySetting };

export interface PolicyTableParts {
  readonly schema: GraphQLSchema;
  /** Types that stand for models, by name. */
  readonly objects: ReadonlyMap<string, ObjectBinding>;
  readonly settings: CachePolicySettings;
  readonly names: HintNames;
  readonly faults: SchemaFaultList;
}

/** What the selection of each object type's field does to its operation's policy; read once. */
export class PolicyTable {
  /** By type, then by field. */
  readonly #fields = new Map<string, ReadonlyMap<string, FieldPolicy>>();
  readonly #parts: PolicyTableParts;

  constructor(parts: PolicyTableParts) {
    this.#parts = parts;
    const { schema } = parts;
    this.#checkSettings();
    this.#checkOtherRoots();
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      const fields = Object.values(type.getFields()).map(
        (field) => [field.name, Object.freeze(this.#read(type, field))] as const,
      );
      this.#fields.set(type.name, new Map(fields));
    }
  }

  /** Null for what every type has, such as `__typename`. */
  find(typeName: string, fieldName: string): FieldPolicy | null {
    return this.#fields.get(typeName)?.get(fieldName) ?? null;
  }

  #read(owner: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldPolicy {
    const type = getNamedType(field.type);
    const isObject = isCompositeType(type);
    const ofType = isObject ? this.#hintOf(type, type.name) : NO_HINT;
    const members = isAbstractType(type) ? this.#parts.schema.getPossibleTypes(type) : [];
    const ofField = this.#hintOf(field, `${owner.name}.${field.name}`);
    // As Apollo's plugin has it: a type's maxAge is stronger than a field's wish to inherit one.
    const isInheriting =
      ofType.inheritMaxAge === true || (ofField.inheritMaxAge === true && ofType.maxAgeSeconds === null);
    const hint = overlayHints(ofField, ofType);
    const isRoot = owner === this.#parts.schema.getQueryType();
    const standsAlone = isRoot || (isObject && !isInheriting);
    const ofMembers = members.map((member) => this.#hintOf(member, member.name));
    return {
      maxAgeSeconds: this.#strictest(hint.maxAgeSeconds ?? (standsAlone ? 0 : null), ofMembers),
      isPrivate:
        [hint, ...ofMembers].some(({ scope }) => scope === 'PRIVATE') ||
        [type, ...members].some((named) => this.#isOwned(named, field)),
      staleWhileRevalidateSeconds: hint.staleWhileRevalidateSeconds ?? 0,
      staleIfErrorSeconds: hint.staleIfErrorSeconds ?? 0,
      vary: hint.vary ?? [],
      cache: hint.cache,
    };
  }

  /** Nobody knows before which member of an abstract type it will be. */
  #strictest(maxAgeSeconds: number | null, ofMembers: readonly CacheHint[]): number | null {
    const lives = [maxAgeSeconds, ...ofMembers.map((hint) => hint.maxAgeSeconds)].filter(
      (life) => life !== null,
    );
    return lives.length === 0 ? null : Math.min(...lives);
  }

  /** Whether each viewer sees rows of their own there. */
  #isOwned(type: GraphQLNamedType, field: DirectiveCarrier): boolean {
    const own = this.#parts.objects.get(type.name)?.own ?? null;
    return own !== null || findDirective(field, 'owner') !== null;
  }

  #hintOf(element: DirectiveCarrier, place: string): CacheHint {
    const { names, faults, settings } = this.#parts;
    const written = readHint(element, place, names, faults);
    const set = Object.hasOwn(settings, place) ? settings[place] : undefined;
    if (set === undefined) return written;
    const hint = checkHint(set, names, (problem) =>
      faults.add(null, `The cache policy of ${place} ${problem}`),
    );
    return overlayHints(hint, written);
  }

  #checkSettings(): void {
    const { schema, settings, faults } = this.#parts;
    const types = Object.values(schema.getTypeMap()).filter(isCompositeType);
    const places = types.flatMap((type) => [
      type.name,
      ...(isObjectType(type) || isInterfaceType(type)
        ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)
        : []),
    ]);
    const known = new Set(places);
    for (const place of Object.keys(settings)) {
      if (!known.has(place)) {
        faults.add(
          null,
          `There is a cache policy of ${place}, which is not in the schema${didYouMean(place, known)}`,
        );
      }
    }
  }

  /** What changes something, or goes on and on, is never kept. */
  #checkOtherRoots(): void {
    const { schema, faults } = this.#parts;
    for (const root of [schema.getMutationType(), schema.getSubscriptionType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        const node = findDirectiveNode(field, 'cacheControl') ?? findDirectiveNode(field, 'cachePolicy');
        if (node !== null)
          faults.add(
            node,
            `@${node.name.value} on ${root?.name}.${field.name} can do nothing: only queries are cached`,
          );
      }
    }
  }
}
