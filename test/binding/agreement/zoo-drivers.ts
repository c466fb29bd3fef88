import pg from 'pg';
import type { BoundApi } from '../../../src/binding/bind-schema.js';
import type { RequestContext } from '../../../src/binding/request-context.js';
import { NO_COUNTERS } from '../../../src/counters/counters.js';
import { createAbsentSignIn } from '../../../src/identity/sign-in.js';
import { ANONYMOUS } from '../../../src/identity/viewer.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createDomainDatabase } from '../../domain/domain-database.js';
import { makePrismaReader } from '../../reads/prisma/make-prisma-reader.js';
import { type Drivers, openDrivers } from './drivers.js';

/** An API behind every driver, over a zoo of its own. */
export interface ZooDrivers {
  readonly drivers: Drivers;
  /** All of the context but `reads`, of a caller who has not signed in. */
  readonly context: Omit<RequestContext<pg.Client>, 'reads'>;
  /** What resolvers write with. */
  readonly admin: pg.Client;
  close(): Promise<void>;
}

/** @param getLedger what a request's resolvers draw on; null: nothing */
export async function openZooDrivers(
  api: BoundApi,
  graph: ModelGraph,
  getLedger: () => RequestContext['fieldLedger'] = () => null,
): Promise<ZooDrivers> {
  const database = await createDomainDatabase();
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const context = {
    viewer: ANONYMOUS,
    session: createAbsentSignIn('this is a test'),
    prisma: admin,
    log: createLogger({ level: 'silent', format: 'json' }),
    requestId: 'test',
    tag: () => undefined,
    cacheHint: () => undefined,
    vary: () => '',
    cdnUrl: null,
    counters: NO_COUNTERS,
    get fieldLedger() {
      return getLedger();
    },
  };
  const drivers = await openDrivers({ api, graph, url: database.url, makePrismaReader, context });
  return {
    drivers,
    context,
    admin,
    async close() {
      await drivers.close();
      await admin.end();
      await database.drop();
    },
  };
}
