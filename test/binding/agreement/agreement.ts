import type { DocumentNode } from 'graphql';
import { type Agreement, compareAnswers } from './answer.js';
import { countRoots } from './count-roots.js';
import type { Driver, Drivers, Reply } from './drivers.js';
import { drawOperation, type Operation, type OperationSource } from './random-operation.js';
import { shrinkOperation } from './shrink-operation.js';

export interface AgreementOptions {
  readonly drivers: Drivers;
  readonly source: OperationSource;
  readonly operations: number;
  /** The first operation's seed; those behind it have the next ones. */
  readonly seed: number;
  /** Every how many-th operation is asked of Prisma too, which takes longest. */
  readonly prismaEvery: number;
}

/** What was compared. */
export interface Tally {
  asked: number;
  /** Drawn, but not valid. */
  invalid: number;
  compiled: number;
  /** With an error in the answer. */
  faulty: number;
  /** Answers that differed in what may differ. */
  forgiven: number;
  prisma: number;
  milliseconds: Record<Driver, number>;
}

/** Asks all drivers the same at random. @throws Error with the smallest request that they answer differently */
export async function expectAgreement(options: AgreementOptions): Promise<Tally> {
  const { drivers, source, operations, prismaEvery } = options;
  const milliseconds = { compiled: 0, plan: 0, pg: 0, prisma: 0 };
  const tally: Tally = { asked: 0, invalid: 0, compiled: 0, faulty: 0, forgiven: 0, prisma: 0, milliseconds };
  for (let seed = options.seed; tally.asked < operations; seed += 1) {
    const operation = drawOperation(source, seed);
    const document = drivers.parse(operation.text);
    if (document === null) {
      tally.invalid += 1;
      continue;
    }
    tally.asked += 1;
    const withPrisma = tally.asked % prismaEvery === 0;
    const outcome = await compareDrivers(drivers, document, operation, withPrisma, milliseconds);
    if (outcome.agreement === 'different') throw await explain(options, seed, operation);
    if (outcome.agreement === 'forgiven') tally.forgiven += 1;
    if (withPrisma) tally.prisma += 1;
    if (outcome.isCompiled) tally.compiled += 1;
    if (outcome.isFaulty) tally.faulty += 1;
  }
  return tally;
}

interface Outcome {
  readonly agreement: Agreement;
  readonly isCompiled: boolean;
  readonly isFaulty: boolean;
  readonly report: string;
}

/** Asks every driver one request. */
export async function compareDrivers(
  drivers: Drivers,
  document: DocumentNode,
  operation: Operation,
  withPrisma: boolean,
  milliseconds?: Record<Driver, number>,
): Promise<Outcome> {
  const asked: readonly Driver[] = withPrisma
    ? ['pg', 'plan', 'compiled', 'prisma']
    : ['pg', 'plan', 'compiled'];
  const replies: { readonly driver: Driver; readonly reply: Reply }[] = [];
  for (const driver of asked) {
    const start = performance.now();
    replies.push({ driver, reply: await drivers.ask(driver, document, operation) });
    if (milliseconds !== undefined) milliseconds[driver] += performance.now() - start;
  }
  const [reference, ...others] = replies;
  const agreements = others.map(({ reply }) => compareAnswers(reference!.reply.answer, reply.answer));
  const compiled = replies.find(({ reply }) => reply.isCompiled)?.reply;
  const roots = compiled === undefined ? 0 : countRoots(drivers.schema, document, operation);
  // One statement for each bound root field; a plan that answers what compiled code does needs no more either.
  const isWasteful = replies.some(
    ({ driver, reply }) =>
      compiled !== undefined && driver !== 'pg' && driver !== 'prisma' && reply.statements > roots,
  );
  const agreement =
    isWasteful || agreements.includes('different')
      ? 'different'
      : agreements.includes('forgiven')
        ? 'forgiven'
        : 'same';
  return {
    agreement,
    isCompiled: compiled !== undefined,
    isFaulty: reference!.reply.answer.errors.length > 0,
    report: replies
      .map(({ driver, reply: { answer, statements } }) =>
        [
          `${driver} (${statements} statements for ${roots} root fields):`,
          answer.data,
          ...answer.errors.map(({ text }) => text),
        ].join('\n  '),
      )
      .join('\n'),
  };
}

async function explain({ drivers }: AgreementOptions, seed: number, operation: Operation): Promise<Error> {
  const compare = async (candidate: Operation) => {
    const document = drivers.parse(candidate.text);
    return document === null ? null : compareDrivers(drivers, document, candidate, true);
  };
  const smallest = await shrinkOperation(
    operation,
    async (candidate) => (await compare(candidate))?.agreement === 'different',
  );
  const { text, variables, operationName } = smallest;
  const outcome = await compare(smallest);
  return new Error(
    [
      `The drivers don't agree (seed ${seed}).`,
      text,
      `variables: ${JSON.stringify(variables)}, operationName: ${operationName}`,
      outcome?.report,
    ].join('\n'),
  );
}
