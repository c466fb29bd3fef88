import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import { ANONYMOUS, type Viewer } from '../../../src/identity/viewer.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { ZOO_EXTENSION } from '../agreement/zoo-extension.js';
import { LIMITS, ZOO_SDL } from '../zoo-schema.js';
import { KNOWN_COMPANY } from './company.js';
import { type Protections, protectSdl } from './protect-sdl.js';

/** What viewers of the protected zoo must be. Whose rows are whose is in `OWNERS`. */
export const PROTECTIONS: Protections = {
  Keeper: '@authenticated',
  'Keeper.email': '@requiresTier(tier: "staff")',
  'Animal.weightKg': '@authenticated',
  'Animal.bornAt': '@requiresScopes(scopes: [["births:read"], ["zoo:read", "zoo:all"]])',
  'Animal.vet': '@requiresTier(tier: "premium")',
  'Animal.vetId': '@requiresTier(tier: "premium")',
  'Animal.friends': '@authenticated',
  'Animal.label': '@requiresTier(tier: "staff")',
  'Animal.self': '@authenticated',
  'Family.taxon': '@authenticated',
  Illness: '@requiresScopes(scopes: ["health:read"])',
  'Event.at': '@authenticated',
  'Feeding.grams': '@requiresTier(tier: "premium")',
  EnclosureLoad: '@requiresTier(tier: "premium")',
  'Enclosure.title': '@authenticated',
  'Food.kcal': '@authenticated',
  'Query.favourite': '@requiresTier(tier: "staff")',
  'Mutation.renameAnimal': '@requiresTier(tier: "staff")',
};

export const OWNERS: Protections = {
  Shift: '@owner(path: "keeper.id")',
  Passport: '@owner(path: "animal.carerId")',
  Feeding: '@owner(path: "animal.carer.id")',
};

export async function bindProtectedZoo(): Promise<BoundApi> {
  const protections = joinProtections(PROTECTIONS, OWNERS);
  return bindApi({
    sdl: protectSdl([ZOO_SDL, ZOO_EXTENSION], protections),
    graph: await domainGraph(),
    resolvers: KNOWN_COMPANY,
    limits: LIMITS,
  });
}

function joinProtections(one: Protections, other: Protections): Protections {
  const joined: Record<string, string> = { ...one };
  for (const [coordinate, text] of Object.entries(other))
    joined[coordinate] = `${joined[coordinate] ?? ''} ${text}`;
  return joined;
}

export function signedIn(id: string, tier: string, ...scopes: string[]): Viewer {
  return { id, tier, scopes, isAuthenticated: true };
}

/** Viewers of every tier, with every mix of scopes that makes a difference, and odd ones. */
export const VIEWERS: Readonly<Record<string, Viewer>> = {
  anonymous: ANONYMOUS,
  'one who only says to be staff': {
    id: '1',
    tier: 'staff',
    scopes: ['health:read'],
    isAuthenticated: false,
  },
  authenticated: signedIn('2', 'authenticated'),
  'authenticated, of births': signedIn('3', 'authenticated', 'births:read'),
  'authenticated, with half of two scopes': signedIn('1', 'authenticated', 'zoo:read'),
  'authenticated, with both of two scopes': signedIn('1', 'authenticated', 'zoo:all', 'zoo:read', 'other'),
  'authenticated, of health': signedIn('2', 'authenticated', 'health:read'),
  'of a tier that nobody knows': signedIn('3', 'gold'),
  "with an id that is no keeper's": signedIn('till-3', 'authenticated'),
  'with an id that is written otherwise': signedIn('02', 'authenticated'),
  premium: signedIn('4', 'premium'),
  'premium, with all scopes': signedIn('2', 'premium', 'births:read', 'health:read', 'zoo:read', 'zoo:all'),
  staff: signedIn('3', 'staff'),
  'staff, with all scopes': signedIn('till-3', 'staff', 'births:read', 'health:read'),
};
