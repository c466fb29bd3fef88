import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { PositionTokens } from '../../changes/position-tokens.js';
import type { GatewayContext } from '../gateway-context.js';
import { POSITION_HEADER } from './position-header.js';

/**
 * Before an operation is executed: waits for the position that its client named. Before it is answered, whether or
 * not it failed: has everybody told what it wrote, and hands its client the position of that.
 */
export function createChangesPlugin(tokens: PositionTokens | null): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    // A mutation reads the primary from its first write on, and what it reads before is never kept.
    async didResolveOperation({ contextValue, operation }) {
      if (operation?.operation === 'query') await contextValue.changes.reachPosition();
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
  // It keeps nothing, so one does for all requests.
  return { requestDidStart: async () => listener };
}
