import type { PositionTokens } from '../../changes/position-tokens.js';
import type { RequestListener } from '../request-listener.js';
import { POSITION_HEADER } from './position-header.js';

/**
 * Before an operation is executed: waits for the position that its client named. Before it is answered, whether or
 * not it failed: has everybody told what it wrote, and hands its client the position of that.
 */
export function createChangesListener(tokens: PositionTokens | null): RequestListener {
  return {
    // A mutation reads the primary from its first write on, and what it reads before is never kept.
    didResolveOperation({ contextValue, operation }) {
      return operation?.operation === 'query' ? contextValue.changes.reachPosition() : undefined;
    },
    async willSendResponse({ contextValue: { changes }, response }) {
      const settled = await changes.settle();
      if (settled === null) return;
      const { position } = changes;
      // The operations of a batch share their headers.
      if (position === null) response.http.headers.delete(POSITION_HEADER);
      else if (tokens !== null) response.http.headers.set(POSITION_HEADER, tokens.write(position));
      if (settled.isDrained || response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      singleResult.extensions = { ...singleResult.extensions, changes: { drained: false } };
    },
  };
}
