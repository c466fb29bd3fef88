import type {
  ApolloServerPlugin,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
} from '@apollo/server';
import type { GatewayContext } from './gateway-context.js';

type Resolved = GraphQLRequestContextResponseForOperation<GatewayContext>;
type Step<State, Result = void> = (state: State) => Result | Promise<Result>;

/**
 * What one feature does at the stations of an operation. Keeps nothing of a request: one serves all of them. Steps that
 * have nothing to wait for return no promise.
 */
export interface RequestListener {
  readonly didResolveOperation?: Step<GraphQLRequestContextDidResolveOperation<GatewayContext>>;
  /** Null: the next one, at last graphql-js. */
  readonly responseForOperation?: Step<Resolved, GraphQLResponse | null>;
  readonly didEncounterErrors?: Step<GraphQLRequestContextDidEncounterErrors<GatewayContext>>;
  readonly willSendResponse?: Step<GraphQLRequestContextWillSendResponse<GatewayContext>>;
}

/**
 * Listeners as one plugin of Apollo Server, their steps in the given order. As plugins of their own each would cost a
 * request a handful of promises at every station, whether it has a step there or not.
 */
export function joinListeners(listeners: readonly RequestListener[]): ApolloServerPlugin<GatewayContext> {
  const responders = pick(listeners, 'responseForOperation');
  const joined = {
    didResolveOperation: inOrder(pick(listeners, 'didResolveOperation')),
    didEncounterErrors: inOrder(pick(listeners, 'didEncounterErrors')),
    willSendResponse: inOrder(pick(listeners, 'willSendResponse')),
    async responseForOperation(state: Resolved): Promise<GraphQLResponse | null> {
      for (const respond of responders) {
        const response = await respond(state);
        if (response !== null) return response;
      }
      return null;
    },
  };
  return { requestDidStart: async () => joined };
}

function pick<Name extends keyof RequestListener>(
  listeners: readonly RequestListener[],
  name: Name,
): readonly NonNullable<RequestListener[Name]>[] {
  return listeners.flatMap((listener) => {
    const step = listener[name];
    return step === undefined ? [] : [step];
  });
}

function inOrder<State>(steps: readonly Step<State>[]): (state: State) => Promise<void> {
  return async (state) => {
    for (const step of steps) {
      const pending = step(state);
      if (pending !== undefined) await pending;
    }
  };
}
