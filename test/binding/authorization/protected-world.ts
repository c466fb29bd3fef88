import { type DocumentNode, execute } from 'graphql';
import type pg from 'pg';
import type { BoundApi } from '../../../src/binding/bind-schema.js';
import type { Viewer } from '../../../src/identity/viewer.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../../src/reads/request-reads.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { POOL_SETTINGS } from '../../reads/pg-zoo.js';
import { type Answer, readAnswer } from '../agreement/answer.js';
import type { Drivers } from '../agreement/drivers.js';
import type { Operation } from '../agreement/random-operation.js';
import { openZooDrivers } from '../agreement/zoo-drivers.js';
import { createNaiveDatabase } from './naive-databases.js';
import { bindNaiveZoo } from './naive-zoo.js';
import { bindProtectedZoo } from './protected-zoo.js';

/** The protected zoo behind every driver, and the naive one to compare it with. */
export interface ProtectedWorld {
  readonly api: BoundApi;
  readonly drivers: Drivers;
  readonly admin: pg.Client;
  /** What the naive zoo answers this viewer. */
  askNaive(document: DocumentNode, operation: Operation, viewer: Viewer): Promise<Answer>;
  close(): Promise<void>;
}

export async function openProtectedWorld(): Promise<ProtectedWorld> {
  const [graph, api, naive] = await Promise.all([domainGraph(), bindProtectedZoo(), bindNaiveZoo()]);
  const { drivers, context, admin, close } = await openZooDrivers(api, graph);
  const readers = new Map<string, Promise<{ reader: PgRowReader; close(): Promise<void> }>>();

  /** Over a database of which the viewer may see every row. */
  function openReader(viewer: Viewer) {
    const owner = ownerOf(viewer);
    let opened = readers.get(owner);
    if (opened === undefined) {
      opened = (async () => {
        const own = await createNaiveDatabase((id) => owner === 'all' || String(id) === owner);
        const pool = createPool({ ...POOL_SETTINGS, poolSize: 2, url: own.url });
        const reader = new PgRowReader({ pool, graph, prepared: true, pipelines: null });
        const close = async () => {
          await Promise.all([pool.end(), reader.end()]);
          await own.drop();
        };
        return { reader, close };
      })();
      readers.set(owner, opened);
    }
    return opened;
  }

  return {
    api,
    drivers,
    admin,
    async askNaive(document, { variables, operationName }, viewer) {
      const { reader } = await openReader(viewer);
      const contextValue = { ...context, viewer, reads: new RequestReads(reader, graph) };
      return readAnswer(
        await execute({ schema: naive, document, operationName, variableValues: variables, contextValue }),
      );
    },
    async close() {
      for (const opened of readers.values()) await (await opened).close();
      await close();
    },
  };
}

/** The keeper whose rows a viewer sees, `all` or `none`. */
function ownerOf({ id, tier, isAuthenticated }: Viewer): string {
  if (!isAuthenticated || id === null) return 'none';
  if (tier === 'staff') return 'all';
  return /^[1-9]$/.test(id) ? id : 'none';
}
