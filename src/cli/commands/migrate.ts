import { applyEngineSchema, findPendingEngineSchema } from '../../changes/capture/engine-schema.js';
import { voidAll } from '../../changes/capture/void-all.js';
import { applyMigrations } from '../../model/migrations/apply-migrations.js';
import { findPendingMigrations } from '../../model/migrations/migration-state.js';
import type { CommandContext } from '../command-context.js';
import { useDatabase } from '../use-database.js';

/** @throws SluiceError `MIGRATION_FAILED` */
export async function migrate(
  context: CommandContext,
  { isStatusOnly }: { readonly isStatusOnly: boolean },
): Promise<void> {
  const { migrationsDirectory } = context.paths;
  await useDatabase(context, async ({ client }) => {
    if (isStatusOnly) {
      const pending = await findPendingEngineSchema(client);
      await tellStatus(context, await findPendingMigrations(client, migrationsDirectory), pending);
    } else await apply(context, client, migrationsDirectory);
  });
}

async function apply(
  { terminal }: CommandContext,
  client: Parameters<typeof applyMigrations>[0],
  directory: string,
): Promise<void> {
  const applied = await applyMigrations(client, directory, (step, done, total) => {
    if (done < total) terminal.note(`${step} (${done + 1} of ${total}) …`);
  });
  const steps = await applyEngineSchema(client);
  if (applied.length > 0) await voidAll(client);
  const check = terminal.colors.green('✓');
  for (const { name, durationMs } of applied) terminal.out(`${check} ${name} ${Math.round(durationMs)} ms`);
  for (const step of steps) terminal.out(`${check} sluice/${step}`);
  if (applied.length > 0 || steps.length > 0) {
    // New columns and tables change what is to be captured.
    terminal.note('To have every model captured as it is now: npm run sluice -- capture install');
  }
  if (applied.length === 0 && steps.length === 0) terminal.out(`${check} The database is up to date.`);
}

async function tellStatus(
  { terminal }: CommandContext,
  state: Awaited<ReturnType<typeof findPendingMigrations>>,
  pendingSteps: readonly string[],
): Promise<void> {
  const { green, yellow, red } = terminal.colors;
  const failed = new Set(state.failed.map(({ name }) => name));
  for (const name of state.applied) {
    const note = state.edited.includes(name)
      ? '  changed since it was applied'
      : state.unknown.includes(name)
        ? '  not in the folder'
        : '';
    terminal.out(`${green('✓')} ${name}${yellow(note)}`);
  }
  for (const { name } of state.pending) {
    terminal.out(
      failed.has(name)
        ? `${red('✗')} ${name}  failed, will be tried again`
        : `${yellow('○')} ${name}  pending`,
    );
  }
  for (const step of pendingSteps) terminal.out(`${yellow('○')} sluice/${step}  pending`);
  if (state.applied.length + state.pending.length + pendingSteps.length === 0)
    terminal.out('There are no migrations.');
}
