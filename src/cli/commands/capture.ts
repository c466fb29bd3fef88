import type { ClientBase } from 'pg';
import type { CaptureState } from '../../changes/capture/capture-state.js';
import {
  MAX_COUNTED_ROWS,
  type OutboxSize,
  readCaptureStatus,
} from '../../changes/capture/capture-status.js';
import { installCapture, printCaptureSql } from '../../changes/capture/install-capture.js';
import { type CapturePlan, planCapture } from '../../changes/capture/plan-capture.js';
import { removeCapture } from '../../changes/capture/remove-capture.js';
import { installRollups } from '../../jobs/rollups/install-rollups.js';
import type { RollupDefinition } from '../../jobs/rollups/rollup-definition.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { readSchemaName } from '../../reads/pg/create-pool.js';
import type { CommandContext } from '../command-context.js';
import { findDemand } from '../find-demand.js';
import { bindProject, loadProject } from '../load-project.js';
import { MIGRATE, requireEngineSchema } from '../require-engine-schema.js';
import { useDatabase } from '../use-database.js';

const INSTALL = 'npm run sluice -- capture install';

/**
 * Makes the database tell of changes, or prints how.
 *
 * @throws SluiceError `DATABASE_SCHEMA_LAGS` where the engine's tables are missing, `TIMEOUT` for a table in use
 */
export async function install(
  context: CommandContext,
  { isPrintOnly }: { readonly isPrintOnly: boolean },
): Promise<void> {
  const { terminal } = context;
  await withPlan(context, async (client, plan, rollups) => {
    if (isPrintOnly) {
      terminal.out(printCaptureSql(plan));
      terminal.note(
        `Nothing was changed. Review it, and run it with psql; ${MIGRATE} makes the tables that it needs.`,
      );
      return;
    }
    await requireEngineSchema(client);
    const { installed, removed, kept } = await installCapture(client, plan);
    const { green, yellow } = terminal.colors;
    for (const model of installed) terminal.out(`${green('✓')} ${model}  captured from now on`);
    for (const model of removed)
      terminal.out(`${green('✓')} ${model}  no longer captured: it is not in the model, or can't be`);
    if (kept.length > 0)
      terminal.out(
        `${green('✓')} ${count(kept.length, 'model')} as ${kept.length === 1 ? 'it' : 'they'} should be`,
      );
    await installAllRollups(context, client, rollups);
    for (const [model, reason] of plan.refused)
      terminal.out(`${yellow('○')} ${model} ${reason}; cached by time only`);
    terminal.note('Servers that run on this database notice within seconds.');
  });
}

/** Tells how capture stands, and what mends it. */
export async function status(context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { green, yellow, red } = terminal.colors;
  await withPlan(context, async (client, plan) => {
    const found = await readCaptureStatus(client, plan);
    if (found.kind === 'no-schema') {
      terminal.out(
        `${red('✗')} The database lacks tables of Sluice (${found.pending.join(', ')}): run ${MIGRATE}`,
      );
      return;
    }
    const { models, strays } = found.states;
    let isFaulty = strays.length > 0;
    for (const [model, state] of models) {
      if (state.kind === 'captured') terminal.out(`${green('✓')} ${model}`);
      else terminal.out(`${red('✗')} ${model}  ${describeState(state)}`);
      isFaulty ||= state.kind !== 'captured';
    }
    for (const model of strays)
      terminal.out(`${yellow('○')} ${model}  captured, but not in the model or not to be captured`);
    for (const [model, reason] of plan.refused) terminal.out(`${yellow('○')} ${model} ${reason}`);
    terminal.out(describeOutbox(found.outbox));
    if (isFaulty) terminal.note(`To mend it: ${INSTALL}`);
  });
}

/** @throws SluiceError `DATABASE_SCHEMA_LAGS` where there is nothing of Sluice, `TIMEOUT` for a table in use */
export async function remove(context: CommandContext): Promise<void> {
  const { terminal } = context;
  await useDatabase(context, async ({ client }) => {
    await requireEngineSchema(client);
    const models = await removeCapture(client);
    for (const model of models) terminal.out(`${terminal.colors.green('✓')} ${model}  no longer captured`);
    if (models.length === 0) terminal.out('No model is captured.');
    else terminal.note(`Servers on this database keep nothing now. To capture again: ${INSTALL}`);
  });
}

interface RollupsOf {
  readonly definitions: readonly RollupDefinition[];
  readonly graph: ModelGraph;
  readonly defaultSchema: string;
}

/** What sums other tables up is kept up by triggers, too. */
async function installAllRollups(
  { terminal }: CommandContext,
  client: ClientBase,
  { definitions, ...places }: RollupsOf,
): Promise<void> {
  const { green } = terminal.colors;
  const { installed, removed } = await installRollups(client, definitions, places);
  for (const name of installed) terminal.out(`${green('✓')} ${name}  kept up from now on, and computed anew`);
  if (removed.length > 0)
    terminal.out(`${green('✓')} ${count(removed.length, 'trigger')} of rollups that are no more taken away`);
}

async function withPlan(
  context: CommandContext,
  work: (client: ClientBase, plan: CapturePlan, rollups: RollupsOf) => Promise<void>,
): Promise<void> {
  const loaded = await loadProject(context.findProject());
  const demand = findDemand(loaded, bindProject(loaded, context.readConfig().reads));
  await useDatabase(context, async ({ client, url }) =>
    work(client, await planCapture(client, loaded.graph, demand), {
      definitions: loaded.app.rollups ?? [],
      graph: loaded.graph,
      defaultSchema: readSchemaName(url),
    }),
  );
}

const FAULTS = {
  moved: 'the table was renamed or made anew',
  missing: 'a trigger is missing',
  disabled: 'a trigger is disabled',
  changed: 'a trigger or its function is not the one that was installed',
  partition: 'a partition lacks a trigger or has it disabled',
} as const;

function describeState(state: Exclude<CaptureState, { kind: 'captured' }>): string {
  if (state.kind === 'absent') return 'not captured';
  return state.kind === 'outdated' ? 'the model or the API changed since the install' : FAULTS[state.fault];
}

function describeOutbox({ rows, oldestSeconds }: OutboxSize): string {
  if (oldestSeconds === null) return 'The outbox is empty.';
  const size = rows >= MAX_COUNTED_ROWS ? `at least ${count(rows, 'change')}` : count(rows, 'change');
  return `The outbox holds ${size}, the oldest of ${Math.round(oldestSeconds)} s ago; a running server takes them away.`;
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}
