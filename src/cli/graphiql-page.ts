import { buildGraphiql } from '../gateway/graphiql/build-graphiql.js';
import type { ClosingStack } from './closing-stack.js';

export interface GraphiqlPageOptions {
  readonly directory: string;
  /** The build is stopped with everything else. */
  readonly closing: ClosingStack;
  /** Told when a build ended; not where there was nothing to build. */
  onEnd(error: unknown): void;
}

/**
 * Builds the page while the server answers; it shows how that goes by itself. Resolves as soon as it is known
 * whether there is anything to build.
 */
export function startGraphiqlBuild(options: GraphiqlPageOptions): Promise<'ready' | 'being built'> {
  const { directory, closing, onEnd } = options;
  const abort = new AbortController();
  return new Promise((resolve) => {
    const onProgress = () => resolve('being built');
    const building = buildGraphiql({ directory, signal: abort.signal, onProgress }).then(
      ({ wasBuilt }) => {
        if (wasBuilt) onEnd(null);
        else resolve('ready');
      },
      (error: unknown) => {
        if (!abort.signal.aborted) onEnd(error);
        resolve('being built');
      },
    );
    closing.add(async () => {
      abort.abort();
      await building;
    });
  });
}
