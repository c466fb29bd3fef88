import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import type { AskedWarming, StaffCache } from '../../binding/caching/staff-cache.js';
import type { NamedCaches } from '../../cache/named-caches.js';
import { findPurgeFault, type Purge, purge } from '../../cache/purging/purge.js';
import {
  MAX_WARM_OPERATIONS,
  readWarmOperation,
  type WarmOperation,
} from '../../cache/warming/warm-operation.js';
import type { Warmer } from '../../cache/warming/warmer.js';
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
  readonly warmer: Warmer;
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
    const { caches, staff, storage, warmer } = this.#parts;
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
      warm: async (operations, recorded) => {
        staff.admit(viewer, 'Caches are');
        const found = readOperations(operations);
        if (recorded < 0 || recorded > MAX_WARM_OPERATIONS)
          throw badUserInput(['recorded'], `must lie between 0 and ${MAX_WARM_OPERATIONS}`);
        return warmer.warm([...found, ...(await warmer.listAsked(recorded, LIST_TIMEOUT_MS))]);
      },
    };
  }
}

/** For Redis to tell what was asked. */
const LIST_TIMEOUT_MS = 1_000;

/** @throws SluiceError `BAD_USER_INPUT` */
function readOperations(given: readonly AskedWarming[]): readonly WarmOperation[] {
  if (given.length > MAX_WARM_OPERATIONS)
    throw badUserInput(['operations'], `has ${given.length} items, of at most ${MAX_WARM_OPERATIONS}`);
  return given.map((each, index) => {
    const operation = readWarmOperation(readVariables(each, index));
    if (typeof operation === 'string') throw badUserInput(['operations', index], `can't be: ${operation}`);
    return operation;
  });
}

function readVariables({ variables, ...operation }: AskedWarming, index: number): object {
  if (typeof variables !== 'string') return operation;
  try {
    return { ...operation, variables: JSON.parse(variables) };
  } catch (error) {
    throw badUserInput(['operations', index, 'variables'], `is no JSON: ${String(error)}`);
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
