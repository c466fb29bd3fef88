import { SluiceError } from '../kernel/sluice-error.js';
import type { SqlClient } from '../model/database-catalog.js';

/**
 * Asks the database about credentials. What can't be asked is refused, not believed: a key that was revoked must not
 * become good again by an outage.
 *
 * @throws SluiceError `IDENTITY_UNAVAILABLE` where it doesn't answer
 */
export async function askStorage<Answer>(
  client: SqlClient,
  ask: (client: SqlClient) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(client);
  } catch (cause) {
    throw new SluiceError(
      'IDENTITY_UNAVAILABLE',
      'Whether these credentials hold can not be found out at present: the database does not answer',
      { cause },
    );
  }
}
