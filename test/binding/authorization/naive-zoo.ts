import {
  defaultFieldResolver,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { bindApi } from '../../../src/binding/bind-schema.js';
import type { Viewer } from '../../../src/identity/viewer.js';
import { SluiceError } from '../../../src/kernel/sluice-error.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { ZOO_EXTENSION } from '../agreement/zoo-extension.js';
import { LIMITS, ZOO_SDL } from '../zoo-schema.js';
import { KNOWN_COMPANY } from './company.js';

type Values = Readonly<Record<string, unknown>>;

interface Need {
  readonly text: string;
  readonly isMetBy: (viewer: Viewer) => boolean;
}

const RANKS: Readonly<Record<string, number>> = { authenticated: 1, premium: 2, staff: 3 };
const tier = (name: string): Need => ({
  text: `the tier "${name}"`,
  isMetBy: (viewer) => viewer.isAuthenticated && (RANKS[viewer.tier] ?? 0) >= RANKS[name]!,
});
const SIGNED_IN: Need = { text: 'a viewer who has signed in', isMetBy: (viewer) => viewer.isAuthenticated };
const PREMIUM = tier('premium');
const STAFF = tier('staff');
const BIRTHS: Need = {
  text: 'the scope "births:read" or the scopes "zoo:read" and "zoo:all"',
  isMetBy: ({ scopes }) =>
    scopes.includes('births:read') || (scopes.includes('zoo:read') && scopes.includes('zoo:all')),
};
const HEALTH: Need = {
  text: 'the scope "health:read"',
  isMetBy: ({ isAuthenticated, scopes }) => isAuthenticated && scopes.includes('health:read'),
};

/** By type: of fields that return it, and of its objects among those of an abstract type. */
const TYPES: Readonly<Record<string, readonly Need[]>> = {
  Keeper: [SIGNED_IN],
  KeeperConnection: [SIGNED_IN],
  Illness: [HEALTH],
  EnclosureLoad: [PREMIUM],
};

/** By field, in the order in which they are told. Written out, where the engine infers most of it. */
const FIELDS: Readonly<Record<string, readonly Need[]>> = {
  'Keeper.email': [STAFF],
  'Animal.weightKg': [SIGNED_IN],
  'AnimalSums.weightKg': [SIGNED_IN],
  'AnimalAverages.weightKg': [SIGNED_IN],
  'Animal.bornAt': [BIRTHS],
  'AnimalBounds.bornAt': [BIRTHS],
  'Animal.vet': [PREMIUM],
  'Animal.vetId': [PREMIUM],
  'Animal.friends': [SIGNED_IN],
  'Animal.friendsCount': [SIGNED_IN],
  'Animal.label': [STAFF],
  'Animal.self': [SIGNED_IN],
  'Family.taxon': [SIGNED_IN],
  'Birth.at': [SIGNED_IN],
  'Illness.at': [SIGNED_IN],
  'Transfer.at': [SIGNED_IN],
  'Feeding.grams': [PREMIUM],
  'FeedingSums.grams': [PREMIUM],
  'FeedingAverages.grams': [PREMIUM],
  'FeedingBounds.grams': [PREMIUM],
  'Enclosure.title': [SIGNED_IN],
  'Food.kcal': [SIGNED_IN],
  'Query.favourite': [STAFF],
  'Mutation.renameAnimal': [STAFF],
};

/** Inputs that read a column or follow a relation. */
const INPUTS: Readonly<Record<string, { readonly words: string; readonly needs: readonly Need[] }>> = {
  'AnimalFilter.weightKg': { words: 'reads Animal.weightKg', needs: [SIGNED_IN] },
  'AnimalOrderField.WEIGHT_KG': { words: 'reads Animal.weightKg', needs: [SIGNED_IN] },
  'AnimalFilter.bornAt': { words: 'reads Animal.bornAt', needs: [BIRTHS] },
  'AnimalOrderField.BORN_AT': { words: 'reads Animal.bornAt', needs: [BIRTHS] },
  'AnimalFilter.vetId': { words: 'reads Animal.vetId', needs: [PREMIUM] },
  'AnimalOrderField.VET': { words: 'reads Animal.vetId', needs: [PREMIUM] },
  'AnimalFilter.vet': { words: 'follows Animal.vet', needs: [PREMIUM, SIGNED_IN] },
  'AnimalFilter.friends': { words: 'follows Animal.friends', needs: [SIGNED_IN] },
  'KeeperFilter.email': { words: 'reads Keeper.email', needs: [SIGNED_IN, STAFF] },
  'Query.keeper(email:)': { words: 'reads Keeper.email', needs: [SIGNED_IN, STAFF] },
  'FeedingFilter.grams': { words: 'reads Feeding.grams', needs: [PREMIUM] },
  'FeedingOrderField.GRAMS': { words: 'reads Feeding.grams', needs: [PREMIUM] },
  'FoodFilter.kcal': { words: 'reads Food.kcal', needs: [SIGNED_IN] },
  'FoodOrderField.KCAL': { words: 'reads Food.kcal', needs: [SIGNED_IN] },
  'EnclosureFilter.title': { words: 'reads Enclosure.title', needs: [SIGNED_IN] },
  'EnclosureOrderField.TITLE': { words: 'reads Enclosure.title', needs: [SIGNED_IN] },
};

/** What a field of the zoo takes, by tables that were written by hand. */
export function needsOf(typeName: string, field: GraphQLField<unknown, unknown>): readonly Need[] {
  const needs = [
    ...(FIELDS[`${typeName}.${field.name}`] ?? []),
    ...(TYPES[getNamedType(field.type).name] ?? []),
  ];
  return [...new Set(needs)];
}

/**
 * The zoo without a directive, with a check in front of each resolver: what the protected zoo is compared with. Rows that
 * belong to others are none of its business: they are missing in the databases that it is asked over.
 */
export async function bindNaiveZoo(): Promise<GraphQLSchema> {
  const { schema } = bindApi({
    sdl: [ZOO_SDL, ZOO_EXTENSION],
    graph: await domainGraph(),
    resolvers: KNOWN_COMPANY,
    limits: LIMITS,
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) {
      const { resolveType } = type;
      type.resolveType = (value, context, info, abstractType) => {
        const name = resolveType!(value, context, info, abstractType) as string;
        check(viewerOf(context), TYPES[name] ?? [], name);
        return name;
      };
    }
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (type.name === 'Query' && (field.name === 'node' || field.name === 'nodes')) checkIds(field);
      else checkField(type.name, field);
    }
  }
  return schema;
}

function checkField(typeName: string, field: GraphQLField<unknown, unknown>): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (parent, args, context, info) => {
    const viewer = viewerOf(context);
    check(viewer, needsOf(typeName, field), `${typeName}.${field.name}`);
    const byName = new Map(field.args.map((argument) => [argument.name, argument]));
    for (const name of ['filter', 'orderBy', 'email']) {
      const argument = byName.get(name);
      if (argument !== undefined) checkArgument(viewer, `${typeName}.${field.name}`, argument, args);
    }
    // Items fail later, never at once: graphql-js would forget those before.
    const promiseItems = (result: unknown): unknown =>
      Array.isArray(result) ? result.map((item) => Promise.resolve(item)) : result;
    const result = resolve(parent, args, context, info);
    return result instanceof Promise ? result.then(promiseItems) : promiseItems(result);
  };
}

/** An id says the type of what it is for. */
function checkIds(field: GraphQLField<unknown, unknown>): void {
  const resolve = field.resolve!;
  const afterwards = async (id: string, found: unknown, viewer: Viewer) => {
    const node = await found;
    const type = Buffer.from(id, 'base64url').toString('utf8').split(':')[0]!;
    check(viewer, TYPES[type] ?? [], type);
    return node;
  };
  field.resolve = (parent, args, context, info) => {
    const viewer = viewerOf(context);
    const found = resolve(parent, args, context, info);
    if (field.name === 'node') return afterwards(args.id, found, viewer);
    return (found as unknown[]).map((item, index) => afterwards(args.ids[index], item, viewer));
  };
}

function checkArgument(viewer: Viewer, place: string, argument: GraphQLArgument, args: Values): void {
  const value = args[argument.name];
  if (value === undefined || value === null) return;
  checkInput(viewer, `${place}(${argument.name}:)`, value, [argument.name]);
  checkValue(viewer, argument.type, value, [argument.name]);
}

function checkValue(
  viewer: Viewer,
  type: GraphQLInputType,
  value: unknown,
  path: readonly (string | number)[],
): void {
  if (value === null || value === undefined) return;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    for (const [index, item] of (value as unknown[]).entries())
      checkValue(viewer, nullable.ofType, item, [...path, index]);
  } else if (isInputObjectType(nullable)) {
    // A single order is told as the first of one.
    const at = nullable.name === 'EnclosureOrder' ? [...path, 0] : path;
    for (const [name, part] of Object.entries(value)) {
      checkInput(viewer, `${nullable.name}.${name}`, part, [...at, name]);
      checkValue(viewer, nullable.getFields()[name]!.type, part, [...at, name]);
    }
  } else if (isEnumType(nullable)) {
    checkInput(viewer, `${nullable.name}.${value}`, value, path);
  }
}

function checkInput(
  viewer: Viewer,
  coordinate: string,
  value: unknown,
  path: readonly (string | number)[],
): void {
  const input = INPUTS[coordinate];
  if (input !== undefined && value !== undefined)
    check(viewer, input.needs, `${path.join('.')} ${input.words}, which`);
}

function check(viewer: Viewer, needs: readonly Need[], place: string): void {
  const lacking = needs.filter((need) => !need.isMetBy(viewer)).map(({ text }) => text);
  if (lacking.length === 0) return;
  const code = viewer.isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  throw new SluiceError(code, `${place} needs ${lacking.join(' and ')}`);
}

function viewerOf(context: unknown): Viewer {
  return (context as { readonly viewer: Viewer }).viewer;
}
