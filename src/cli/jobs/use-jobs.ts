import type { GatewayJobsParts } from '../../gateway/jobs/gateway-jobs.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { createLogger } from '../../telemetry/logger.js';
import { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { bindProject, loadPrismaClientClass, loadProject } from '../load-project.js';
import { type Foundation, openFoundation } from '../open-foundation.js';
import { MIGRATE } from '../require-engine-schema.js';
import { orStopped } from '../wait-for-end.js';
import { findServices } from './find-services.js';

export interface UsedJobs {
  readonly jobs: GatewayJobsParts;
  readonly foundation: Foundation;
}

/**
 * Runs a command's work on the queues that servers of this folder use.
 *
 * @throws SluiceError `JOBS_UNAVAILABLE` where there are none
 */
export async function useJobs<Result>(
  context: CommandContext,
  work: (used: UsedJobs) => Promise<Result>,
): Promise<Result> {
  const closing = new ClosingStack();
  try {
    const project = context.findProject();
    const config = context.readConfig();
    const [loaded, prismaClientClass, services] = await Promise.all([
      loadProject(project),
      loadPrismaClientClass(project),
      findServices(context, closing),
    ]);
    const foundation = await openFoundation({
      ...services,
      // Nobody follows changes for the length of a command.
      config: { ...config, changes: { ...config.changes, enabled: false } },
      project: loaded,
      api: bindProject(loaded, config.reads),
      prismaClientClass,
      log: createLogger({ ...config.log, level: 'error' }),
      closing,
    });
    const { jobs } = foundation;
    if (jobs === null)
      throw new SluiceError('JOBS_UNAVAILABLE', 'Nothing runs in the background here', {
        hint: config.jobs.enabled
          ? `Run \`${MIGRATE}\`: tables of Sluice are missing.`
          : 'Set SLUICE_JOBS=on.',
      });
    return await orStopped(work({ jobs: jobs.gateway, foundation }), context.stopSignal);
  } finally {
    await closing.close();
  }
}
