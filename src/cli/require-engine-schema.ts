import { findPendingEngineSchema } from '../changes/capture/engine-schema.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { SqlClient } from '../model/database-catalog.js';

export const MIGRATE = 'npm run sluice -- migrate';

/** @throws SluiceError `DATABASE_SCHEMA_LAGS` where the database lacks tables of Sluice */
export async function requireEngineSchema(client: SqlClient): Promise<void> {
  const pending = await findPendingEngineSchema(client);
  if (pending.length === 0) return;
  throw new SluiceError(
    'DATABASE_SCHEMA_LAGS',
    `The database lacks tables of Sluice: ${pending.join(', ')}`,
    { hint: `Run ${MIGRATE}` },
  );
}
