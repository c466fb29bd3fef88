import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import type { OffloadedField } from '../../jobs/job-catalogue.js';
import { isQueueName, QUEUE_NAMES } from '../../jobs/queue-names.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { PolicyTable } from '../caching/policy-table.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver, Resolvers } from '../resolvers.js';
import { findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import type { JobDesk } from './job-desk.js';

const MAX_PRIORITY = 1_000;
const MAX_WAIT_MS = 10_000;

/** The fields that are resolved in workers. What can't be is a fault. */
export function bindOffload(
  schema: GraphQLSchema,
  resolvers: Resolvers,
  faults: SchemaFaultList,
): readonly OffloadedField[] {
  const query = schema.getQueryType();
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const node = findDirectiveNode(field, 'offload');
      if (node === null) return [];
      const place = `${type.name}.${field.name}`;
      const say = (problem: string) => faults.add(node, `@offload on ${place} ${problem}`);
      if (type !== query) {
        say('has no effect: only fields of Query can be resolved in a worker');
        return [];
      }
      const written = resolvers[type.name];
      if (written !== undefined && field.name in written)
        say(
          "has a resolver, which nobody would call: what runs in a worker is the app's job of the field's name",
        );
      return readField(place, field, schema, say);
    });
  });
}

function readField(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  schema: GraphQLSchema,
  say: (problem: string) => void,
): OffloadedField[] {
  const { queue = 'analytics', priority = 0, waitMs = 0 } = findDirective(field, 'offload') ?? {};
  const type: GraphQLNamedType = getNamedType(field.type);
  if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Job')) {
    say(`returns ${type.name}, which doesn't implement Job`);
    return [];
  }
  if (isListType(getNullableType(field.type))) say('returns a list: a field stands for one job');
  if (type.getFields().result === undefined) say(`returns ${type.name}, which has no field "result"`);
  const known = schema.getType('Job') === undefined ? [] : QUEUE_NAMES;
  if (typeof queue !== 'string' || !isQueueName(queue)) {
    say(
      `names the queue "${String(queue)}", of ${QUEUE_NAMES.join(', ')}${didYouMean(String(queue), known)}`,
    );
    return [];
  }
  if (!isWithin(priority, MAX_PRIORITY)) say(`has the priority ${String(priority)}, of 0 to ${MAX_PRIORITY}`);
  if (!isWithin(waitMs, MAX_WAIT_MS)) say(`waits ${String(waitMs)} ms, of 0 to ${MAX_WAIT_MS}`);
  return [{ coordinate, typeName: type.name, queue, priority: Number(priority), waitMs: Number(waitMs) }];
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
}

/** The resolvers, with those of fields that workers resolve. `findPolicies` is asked once a request comes. */
export function withOffloadResolvers(
  resolvers: Resolvers,
  fields: readonly OffloadedField[],
  findPolicies: () => PolicyTable,
): Resolvers {
  const byType: Record<string, Record<string, FieldResolver>> = {};
  for (const field of fields) {
    const [typeName = '', fieldName = ''] = field.coordinate.split('.');
    byType[typeName] ??= {};
    byType[typeName][fieldName] = (_parent, args: object, context: RequestContext) =>
      findJobs(context).offload(field, findPolicies().find(typeName, fieldName), args, context);
  }
  const added = Object.entries(byType).map(([name, own]) => [name, { ...resolvers[name], ...own }] as const);
  return { ...resolvers, ...Object.fromEntries(added) };
}

/** @throws SluiceError `JOBS_UNAVAILABLE` where nobody could run any */
export function findJobs({ jobs = null }: Pick<RequestContext, 'jobs'>): JobDesk {
  if (jobs === null)
    throw new SluiceError(
      'JOBS_UNAVAILABLE',
      'There are no jobs here: the database lacks tables of Sluice, or SLUICE_JOBS is off',
    );
  return jobs;
}
