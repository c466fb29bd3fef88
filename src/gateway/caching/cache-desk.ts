import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import type { StaffCache } from '../../binding/caching/staff-cache.js';
import type { NamedCaches } from '../../cache/named-caches.js';
import { findPurgeFault, type Purge, purge } from '../../cache/purging/purge.js';
import type { StaffGate } from '../../identity/staff-gate.js';
import type { Viewer } from '../../identity/viewer.js';
import { badUserInput } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { SqlClient } from '../../model/database-catalog.js';
import type { RequestChanges } from '../changes/request-changes.js';

export interface CacheDeskParts {
  readonly caches: NamedCaches;
  readonly schema: GraphQLSchema;
  readonly staff: StaffGate;
  /** With the engine's tables. */
  readonly storage: SqlClient;
}

/** Where staff see to the caches. */
export class CacheDesk {
  readonly #parts: CacheDeskParts;
  readonly #places: PurgePlaces;

  constructor(parts: CacheDeskParts) {
    this.#parts = parts;
    this.#places = listPurgePlaces(parts.schema);
  }

  /** For one request. What it purges, it has written: its answer waits until every node can know. */
  for(viewer: Viewer, changes: RequestChanges): StaffCache {
    const { caches, staff, storage } = this.#parts;
    return {
      list: () => {
        staff.admit(viewer, 'Caches are');
        return caches.statistics;
      },
      purge: async (asked) => {
        staff.admit(viewer, 'Caches are');
        refuseUnknown(asked, this.#places);
        return changes.write(() => purge(storage, asked));
      },
    };
  }
}

/** What can be named, besides tags. */
export interface PurgePlaces {
  readonly types: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

export function listPurgePlaces(schema: GraphQLSchema): PurgePlaces {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
  );
  const objects = types.filter(isObjectType);
  return {
    types: new Set(types.map(({ name }) => name)),
    fields: new Set(
      objects.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)),
    ),
  };
}

/** @throws SluiceError `BAD_USER_INPUT` */
export function refuseUnknown(asked: Purge, places: PurgePlaces): void {
  const fault = findPurgeFault(asked);
  if (fault !== null) throw badUserInput([], `The purge ${fault}`);
  for (const [kind, known] of Object.entries(places) as ['types' | 'fields', ReadonlySet<string>][]) {
    for (const [index, name] of asked[kind].entries()) {
      if (!known.has(name))
        throw badUserInput(
          [kind, index],
          `is "${name}", which is not in the schema${didYouMean(name, known)}`,
        );
    }
  }
}
