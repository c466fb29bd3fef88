import type { Bindings } from '../../binding/bindings.js';
import type {
  JobDesk,
  JobQueueView,
  JobView,
  ListedJobs,
  OffloadContext,
} from '../../binding/offload/job-desk.js';
import type { FieldPolicy } from '../../cache/policy/cache-policy.js';
import { VIEWER_VARY } from '../../cache/policy/vary-definition.js';
import type { Changes } from '../../changes/changes.js';
import { isStaff } from '../../identity/requirement.js';
import type { StaffGate } from '../../identity/staff-gate.js';
import type { Tiers } from '../../identity/tiers.js';
import type { Viewer } from '../../identity/viewer.js';
import type { JobCatalogue, OffloadedField } from '../../jobs/job-catalogue.js';
import type { JobEvents } from '../../jobs/job-events.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import type { JobResults } from '../../jobs/job-results.js';
import { isQueueName, QUEUE_NAMES } from '../../jobs/queue-names.js';
import { JOB_STATES, type JobViewer } from '../../jobs/queued-job.js';
import type { Clock } from '../../kernel/clock.js';
import { badUserInput, SluiceError } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { JobsMetrics } from '../../telemetry/jobs-metrics.js';
import type { Variation } from '../caching/variations.js';
import { JobFlights } from './job-flights.js';
import { decodeJobId, hashJobKey, isJobOf, type JobPlace } from './job-ids.js';
import { type KnownJob, viewJob } from './job-views.js';
import { holds } from './result-holds.js';
import { watchJob } from './watch-job.js';

/** What a gateway needs to have jobs run, and to tell of them. */
export interface GatewayJobsParts {
  readonly queues: JobQueues;
  readonly events: JobEvents;
  readonly results: JobResults;
  readonly catalogue: JobCatalogue;
  /** What decides what a result means beside its field and arguments: another code's results are not shown. */
  readonly fingerprint: string;
  readonly metrics: JobsMetrics;
}

export interface JobDesksParts extends GatewayJobsParts {
  /** Null: nobody follows changes, so results are good for as long as hints say. */
  readonly changes: Changes | null;
  readonly bindings: Bindings | null;
  readonly tiers: Tiers;
  readonly staff: StaffGate;
  readonly clock: Clock;
}

/** Whose request it is. */
interface JobAsker {
  readonly viewer: Viewer;
  readonly variation: Variation;
}

const MAX_LISTED = 1_000;
/** How long a result is used whose field says nothing, if nothing changes. */
const DEFAULT_LIFE_MS = 86_400_000;

/** Jobs, as requests ask for them. One a process. */
export class JobDesks {
  readonly #parts: JobDesksParts;
  readonly #flights: JobFlights;

  constructor(parts: JobDesksParts) {
    this.#parts = parts;
    const { queues, events, clock } = parts;
    this.#flights = new JobFlights({
      ...{ queues, events, clock },
      look: (place, name, lifeMs) => this.#look(place, name, lifeMs, true),
    });
  }

  for(context: JobAsker): JobDesk {
    const { viewer } = context;
    return {
      offload: (field, policy, args, own) => this.#offload({ field, policy, args, context, own }),
      find: (id) => this.#show(decodeJobId(id), viewer),
      list: (asked) => this.#list(asked, viewer),
      listQueues: () => this.#listQueues(viewer),
      cancel: (id) =>
        this.#change(id, viewer, 'call it off', (place) => this.#parts.queues.cancel(place.queue, place.id)),
      retry: (id) =>
        this.#change(id, viewer, 'run it again', (place) => this.#parts.queues.retry(place.queue, place.id)),
      watch: (id) => {
        const place = decodeJobId(id);
        return watchJob(place, this.#parts.events, () => this.#show(place, viewer));
      },
    };
  }

  async #offload(asked: {
    readonly field: OffloadedField;
    readonly policy: FieldPolicy | null;
    readonly args: object;
    readonly context: JobAsker;
    readonly own: OffloadContext;
  }): Promise<JobView> {
    const { field, policy, args, own } = asked;
    const { viewer } = asked.context;
    const forWhom = findJobViewer(viewer, policy, field);
    const varied = Object.fromEntries(
      (policy?.vary ?? [])
        .filter((name) => !VIEWER_VARY.has(name))
        .map((name) => [name, asked.context.variation.find(name)]),
    );
    const { fingerprint, metrics } = this.#parts;
    const id = hashJobKey({ fingerprint, coordinate: field.coordinate, args, viewer: forWhom, varied });
    const lifeMs = (policy?.maxAgeSeconds ?? 0) > 0 ? (policy?.maxAgeSeconds ?? 0) * 1000 : DEFAULT_LIFE_MS;
    const place: JobPlace = { queue: field.queue, id };
    let known = await this.#look(place, field.coordinate, lifeMs);
    let outcome: 'fresh' | 'waited' | 'outdated' | 'pending' | 'failed' = 'fresh';
    if (!known.isFresh) {
      known = await this.#flights.run(place, { field, args, viewer: forWhom, varied, lifeMs }, known);
      outcome = known.isFresh
        ? 'waited'
        : known.queued?.state === 'FAILED'
          ? 'failed'
          : known.result === null
            ? 'pending'
            : 'outdated';
    }
    metrics.offloaded.inc({ outcome });
    this.#note(known, lifeMs, own);
    return this.#view(known, viewer);
  }

  /** What is known of a job; of its queue only where it matters. */
  async #look(place: JobPlace, name: string, lifeMs: number, asksQueue = false): Promise<KnownJob> {
    const { results, queues, clock } = this.#parts;
    // Before the result: one that has ended has left it by then.
    const queued = asksQueue ? await queues.find(place.queue, place.id) : null;
    const result = await results.find(place.id);
    const isYoung = result !== null && clock.nowMs() - result.computedAtMs < lifeMs;
    const isFresh = isYoung && (await holds(this.#parts.changes, result));
    return { place, name, queued, result, isFresh };
  }

  /** What the answer depends on: all that the result does. While there is no fresh one, nobody is to be given it again. */
  #note({ place, result, isFresh }: KnownJob, lifeMs: number, own: OffloadContext): void {
    own.tag(`job:${place.id}`);
    if (!isFresh || result === null) {
      own.cacheHint({ maxAgeSeconds: 0 });
      return;
    }
    own.recorder?.notePart({ ...result, freshUntilMs: result.computedAtMs + lifeMs });
  }

  async #show(place: JobPlace | null, viewer: Viewer): Promise<JobView | null> {
    const known = place === null ? null : await this.#find(place, viewer);
    return known === null ? null : this.#view(known, viewer);
  }

  /** Null: there is none, or it is not for the viewer. */
  async #find(place: JobPlace, viewer: Viewer): Promise<KnownJob | null> {
    const { queues, results } = this.#parts;
    const queued = await queues.find(place.queue, place.id);
    const result = await results.find(place.id);
    const name = queued?.name ?? result?.name ?? null;
    if (name === null || !this.#maySee(name, queued?.data.viewer ?? result?.viewer ?? null, viewer))
      return null;
    const isFresh = result !== null && (await holds(this.#parts.changes, result));
    return {
      place,
      name,
      queued,
      result,
      isFresh: isFresh && (queued === null || queued.state === 'COMPLETED'),
    };
  }

  #maySee(name: string, forWhom: JobViewer | null, viewer: Viewer): boolean {
    const { catalogue, bindings, tiers } = this.#parts;
    if (isStaff(viewer, tiers)) return true;
    const field = catalogue.findField(name);
    if (field === null || !isJobOf(forWhom, viewer)) return false;
    const authorization = bindings?.authorization ?? null;
    if (authorization === null || !authorization.hasRequirements) return true;
    const [typeName = '', fieldName = ''] = field.coordinate.split('.');
    const access = authorization.accessOf(viewer);
    return !access.forbidsField(typeName, fieldName) && !access.forbidsType(field.typeName);
  }

  #view(known: KnownJob, viewer: Viewer): JobView {
    const { catalogue, tiers, clock } = this.#parts;
    return viewJob(known, { catalogue, isStaff: () => isStaff(viewer, tiers), nowMs: clock.nowMs() });
  }

  async #list({ queue, states, first }: ListedJobs, viewer: Viewer): Promise<readonly JobView[]> {
    const { staff, queues } = this.#parts;
    staff.admit(viewer, 'Lists of jobs are');
    if (first < 1 || first > MAX_LISTED)
      throw badUserInput(['first'], `must lie between 1 and ${MAX_LISTED}`);
    if (queue !== null && !isQueueName(queue))
      throw badUserInput(
        ['queue'],
        `is "${queue}", of ${QUEUE_NAMES.join(', ')}${didYouMean(queue, QUEUE_NAMES)}`,
      );
    const names = queue === null ? QUEUE_NAMES : [queue];
    const found = await Promise.all(names.map((name) => queues.list(name, states ?? JOB_STATES, first)));
    return found
      .flat()
      .sort((one, other) => other.createdAtMs - one.createdAtMs)
      .slice(0, first)
      .map((queued) => {
        const place = { queue: queued.queue, id: queued.id };
        return this.#view({ place, name: queued.name, queued, result: null, isFresh: false }, viewer);
      });
  }

  async #listQueues(viewer: Viewer): Promise<readonly JobQueueView[]> {
    const { staff, queues } = this.#parts;
    staff.admit(viewer, 'Queues are');
    return Promise.all(
      QUEUE_NAMES.map(async (name) => {
        const counts = await queues.count(name);
        const sum = (...types: readonly string[]) =>
          types.reduce((all, type) => all + (counts[type] ?? 0), 0);
        return {
          name,
          waiting: sum('waiting', 'prioritized', 'waiting-children', 'paused'),
          active: sum('active'),
          delayed: sum('delayed'),
          completed: sum('completed'),
          failed: sum('failed'),
        };
      }),
    );
  }

  async #change(
    id: string,
    viewer: Viewer,
    what: string,
    change: (place: JobPlace) => Promise<boolean>,
  ): Promise<JobView | null> {
    const place = decodeJobId(id);
    const known = place === null ? null : await this.#find(place, viewer);
    if (place === null || known === null) return null;
    const owner = known.queued?.data.viewer ?? known.result?.viewer ?? null;
    const isOwn = owner !== null && owner.id !== null && owner.id === viewer.id;
    if (!isOwn && !isStaff(viewer, this.#parts.tiers))
      throw new SluiceError('FORBIDDEN', `The job is not yours alone, so only staff may ${what}`);
    await change(place);
    return this.#show(place, viewer);
  }
}

/** Whom a field's result is for. @throws SluiceError `UNAUTHENTICATED` for a private one, where nobody has signed in */
function findJobViewer(viewer: Viewer, policy: FieldPolicy | null, field: OffloadedField): JobViewer | null {
  if (policy?.isPrivate === true) {
    if (viewer.id === null)
      throw new SluiceError('UNAUTHENTICATED', `${field.coordinate} is computed for each viewer: sign in`);
    return { id: viewer.id, tier: viewer.tier, scopes: [...viewer.scopes].sort() };
  }
  // Nothing else is asked of the viewer: what is asked, the answer depends on.
  const hasTier = policy?.vary.includes('TIER') === true;
  const hasScopes = policy?.vary.includes('SCOPES') === true;
  if (!hasTier && !hasScopes) return null;
  return {
    id: null,
    tier: hasTier ? viewer.tier : null,
    scopes: hasScopes ? [...viewer.scopes].sort() : null,
  };
}
