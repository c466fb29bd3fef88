import type { BoundApi } from '../binding/bind-schema.js';
import { findCaptureDemand } from '../binding/capture-demand.js';
import type { CaptureDemand } from '../changes/capture/capture-demand.js';
import { addJobDemand } from '../jobs/job-reads.js';
import type { LoadedProject } from './load-project.js';

/** What a project asks of capture: by its API, and by its jobs. */
export function findDemand({ app }: LoadedProject, { bindings }: BoundApi): CaptureDemand {
  return addJobDemand(findCaptureDemand(bindings), app.jobs ?? []);
}
