import type { DocumentNode } from 'graphql';
import type { Viewer } from '../../../src/identity/viewer.js';
import { compareAnswers } from '../agreement/answer.js';
import { countRoots } from '../agreement/count-roots.js';
import type { Driver } from '../agreement/drivers.js';
import type { Operation } from '../agreement/random-operation.js';
import type { ProtectedWorld } from './protected-world.js';

/** One request to all drivers and to the naive zoo. */
export interface Comparison {
  /** The drivers that answer otherwise than the naive zoo. */
  readonly different: readonly Driver[];
  readonly isCompiled: boolean;
  readonly isRefused: boolean;
  readonly report: string;
}

export async function compareWithNaive(
  world: ProtectedWorld,
  document: DocumentNode,
  operation: Operation,
  viewer: Viewer,
  drivers: readonly Driver[],
): Promise<Comparison> {
  const naive = await world.askNaive(document, operation, viewer);
  const replies: { driver: Driver; reply: Awaited<ReturnType<typeof world.drivers.ask>> }[] = [];
  for (const driver of drivers) {
    replies.push({ driver, reply: await world.drivers.ask(driver, document, operation, viewer) });
  }
  const isCompiled = replies.some(({ reply }) => reply.isCompiled);
  const roots = isCompiled ? countRoots(world.drivers.schema, document, operation) : 0;
  // One statement for each root field, where that is how others are answered: owners cost none.
  const isWasteful = (driver: Driver, statements: number) =>
    isCompiled && (driver === 'compiled' || driver === 'plan') && statements > roots;
  const different = replies
    .filter(
      ({ driver, reply }) =>
        compareAnswers(naive, reply.answer) === 'different' || isWasteful(driver, reply.statements),
    )
    .map(({ driver }) => driver);
  const report = [
    { driver: 'naive', answer: naive },
    ...replies.map(({ driver, reply }) => ({ driver, answer: reply.answer })),
  ]
    .map(({ driver, answer }) =>
      [`${driver}:`, answer.data, ...answer.errors.map(({ text }) => text)].join('\n  '),
    )
    .join('\n');
  return {
    different,
    isCompiled,
    isRefused: naive.errors.some(({ text }) => /"(FORBIDDEN|UNAUTHENTICATED)"/.test(text)),
    report: different.length === 0 ? '' : report,
  };
}
