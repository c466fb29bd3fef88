import { type Purge, purge } from '../../cache/purging/purge.js';
import { listPurgePlaces, refuseUnknown } from '../../gateway/caching/cache-desk.js';
import type { CommandContext } from '../command-context.js';
import { bindProject, loadProject } from '../load-project.js';
import { requireEngineSchema } from '../require-engine-schema.js';
import { useDatabase } from '../use-database.js';

/**
 * Has what is kept be computed again, by all servers of the database.
 *
 * @throws SluiceError `BAD_USER_INPUT` for what is not in the schema, `DATABASE_SCHEMA_LAGS`
 */
export async function purgeCache(context: CommandContext, asked: Purge): Promise<void> {
  const { terminal } = context;
  const { schema } = bindProject(await loadProject(context.findProject()), context.readConfig().reads);
  refuseUnknown(asked, listPurgePlaces(schema));
  await useDatabase(context, async ({ client }) => {
    await requireEngineSchema(client);
    await purge(client, asked);
  });
  const what = asked.all ? ['everything'] : [...asked.fields, ...asked.types, ...asked.tags];
  terminal.out(`${terminal.colors.green('✓')} ${what.join(', ')}  will be computed again`);
  terminal.note(
    `Servers know within ${context.readConfig().changes.maxLagMs} ms, or keep nothing until they do.`,
  );
}
