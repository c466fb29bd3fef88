import { join } from 'node:path';
import { buildGraphiql } from '../../gateway/graphiql/build-graphiql.js';
import type { CommandContext } from '../command-context.js';

/** @throws SluiceError `GRAPHIQL_BUILD_FAILED` */
export async function buildPage({ paths, terminal, stopSignal }: CommandContext): Promise<void> {
  const { wasBuilt } = await buildGraphiql({
    directory: join(paths.stateDirectory, 'graphiql'),
    signal: stopSignal,
    onProgress: (message) => terminal.note(`${message} …`),
  });
  terminal.note(`${terminal.colors.green('✓')} GraphiQL is ${wasBuilt ? 'built' : 'up to date'}`);
}
