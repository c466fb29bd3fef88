import { type DocumentNode, execute } from 'graphql';
import pg from 'pg';
import type { BoundApi } from '../../../src/binding/bind-schema.js';
import { createAbsentSignIn } from '../../../src/identity/sign-in.js';
import { ANONYMOUS, type Viewer } from '../../../src/identity/viewer.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../../src/reads/request-reads.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { POOL_SETTINGS } from '../../reads/pg-zoo.js';
import { makePrismaReader } from '../../reads/prisma/make-prisma-reader.js';
import { type Answer, readAnswer } from '../agreement/answer.js';
import { type Drivers, openDrivers } from '../agreement/drivers.js';
import type { Operation } from '../agreement/random-operation.js';
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
  const [database, graph, api, naive] = await Promise.all([
    createDomainDatabase(),
    domainGraph(),
    bindProtectedZoo(),
    bindNaiveZoo(),
  ]);
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const log = createLogger({ level: 'silent', format: 'json' });
  const context = {
    viewer: ANONYMOUS,
    prisma: admin,
    log,
    requestId: 'test',
    cdnUrl: null,
    session: createAbsentSignIn('this is a test'),
  };
  const drivers = await openDrivers({ api, graph, url: database.url, makePrismaReader, context });
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
      await drivers.close();
      await admin.end();
      await database.drop();
    },
  };
}

/** The keeper whose rows a viewer sees, `all` or `none`. */
function ownerOf({ id, tier, isAuthenticated }: Viewer): string {
  if (!isAuthenticated || id === null) return 'none';
  if (tier === 'staff') return 'all';
  return /^[1-9]$/.test(id) ? id : 'none';
}
