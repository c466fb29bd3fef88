import { SluiceError } from '../kernel/sluice-error.js';
import { didYouMean } from '../kernel/suggestion.js';
import type { ModelGraph } from '../model/model-graph.js';
import { ENGINE_JOB_PREFIX } from './engine-jobs.js';
import type { JobDefinition } from './job-definition.js';
import { findReadFaults } from './job-reads.js';
import { isQueueName, QUEUE_NAMES, type QueueName } from './queue-names.js';

/** A field that is resolved in a worker, as its SDL says. */
export interface OffloadedField {
  /** Such as `Query.salesReport`. */
  readonly coordinate: string;
  /** The type that it returns, which implements `Job`. */
  readonly typeName: string;
  readonly queue: QueueName;
  /** 0: after all that have one. */
  readonly priority: number;
  /** How long its caller waits for the result, before being given the job as it stands. */
  readonly waitMs: number;
}

const FIELD_NAME = /^[A-Za-z_]\w*\.\w+$/;
const OWN_NAME = /^[a-z][a-z0-9-]{0,62}$/;
const MAX_ATTEMPTS = 20;
const MAX_BATCH_ITEMS = 1_000;
const MAX_BATCH_WAIT_MS = 600_000;

export interface JobCatalogueParts {
  readonly definitions: readonly JobDefinition[];
  /** The engine's own. */
  readonly engine?: readonly JobDefinition[];
  readonly fields: readonly OffloadedField[];
  readonly graph: ModelGraph;
}

/** What is run in workers. */
export class JobCatalogue {
  readonly #definitions: ReadonlyMap<string, JobDefinition>;
  readonly #fields: ReadonlyMap<string, OffloadedField>;

  /** @throws SluiceError `CONFIG_INVALID` with every fault */
  constructor({ definitions: ofApp, engine = [], fields, graph }: JobCatalogueParts) {
    const definitions = [...engine, ...ofApp];
    this.#fields = new Map(fields.map((field) => [field.coordinate, field]));
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    const faults = [
      ...definitions.flatMap((definition) =>
        listFaults(definition, this.#fields, engine.includes(definition)),
      ),
      ...listDoubles(definitions),
      ...findReadFaults(definitions, graph),
      ...fields
        .filter(({ coordinate }) => !this.#definitions.has(coordinate))
        .map(({ coordinate }) => `${coordinate} has @offload, but the app defines no job of this name`),
    ];
    if (faults.length > 0)
      throw new SluiceError('CONFIG_INVALID', `The app's jobs have faults:\n  ${faults.join('\n  ')}`);
  }

  find(name: string): JobDefinition | null {
    return this.#definitions.get(name) ?? null;
  }

  findField(name: string): OffloadedField | null {
    return this.#fields.get(name) ?? null;
  }

  queueOf(name: string): QueueName {
    return this.#fields.get(name)?.queue ?? this.#definitions.get(name)?.queue ?? 'default';
  }

  get names(): readonly string[] {
    return [...this.#definitions.keys()];
  }
}

function listFaults(
  definition: JobDefinition,
  fields: ReadonlyMap<string, OffloadedField>,
  isEngine: boolean,
): readonly string[] {
  const { name, queue, attempts } = definition;
  const faults: string[] = [];
  const say = (problem: string) => faults.push(`the job "${name}" ${problem}`);
  if (FIELD_NAME.test(name)) {
    if (!fields.has(name)) say(`stands for a field without @offload${didYouMean(name, [...fields.keys()])}`);
    if (queue !== undefined) say('names a queue, which its field does already');
  } else if (name.startsWith(ENGINE_JOB_PREFIX) && !isEngine) {
    say(`has a name that begins with ${ENGINE_JOB_PREFIX}, as those of Sluice itself do`);
  } else if (!OWN_NAME.test(name)) {
    say('is neither named after a field nor in small letters, digits and dashes (63 at most)');
  }
  if (queue !== undefined && !isQueueName(queue))
    say(`names the queue "${queue}", of ${QUEUE_NAMES.join(', ')}${didYouMean(queue, QUEUE_NAMES)}`);
  if (attempts !== undefined && !isWithin(attempts, 1, MAX_ATTEMPTS))
    say(`has ${attempts} attempts; from 1 to ${MAX_ATTEMPTS} can be`);
  if ('batch' in definition) {
    const { maxItems, maxWaitMs } = definition.batch;
    if (!isWithin(maxItems, 1, MAX_BATCH_ITEMS))
      say(`has batches of ${maxItems}; from 1 to ${MAX_BATCH_ITEMS} can be`);
    if (!isWithin(maxWaitMs, 0, MAX_BATCH_WAIT_MS))
      say(`has batches that wait ${maxWaitMs} ms; up to ${MAX_BATCH_WAIT_MS} can be`);
    if (fields.has(name)) say('does batches, which a field has no use for');
  }
  return faults;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function listDoubles(definitions: readonly JobDefinition[]): readonly string[] {
  const seen = new Set<string>();
  return definitions.flatMap(({ name }) => {
    const isDouble = seen.has(name);
    seen.add(name);
    return isDouble ? [`the job "${name}" is defined twice`] : [];
  });
}
