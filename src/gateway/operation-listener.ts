import type { Metrics } from '../telemetry/metrics.js';
import type { RequestListener } from './request-listener.js';

/** Longer names are cut in logs; names are `[_A-Za-z0-9]` by GraphQL's grammar. */
const MAX_LOGGED_NAME_CHARACTERS = 100;

/** Counts operations by type and outcome, and notes name and type for the request's log line. */
export function createOperationListener(metrics: Metrics): RequestListener {
  return {
    didResolveOperation({ contextValue, operation, operationName }) {
      contextValue.activity.operationName = operationName?.slice(0, MAX_LOGGED_NAME_CHARACTERS) ?? null;
      contextValue.activity.operationType = operation?.operation ?? null;
    },
    willSendResponse({ operation, response }) {
      if (response.body.kind !== 'single') return;
      const { data, errors } = response.body.singleResult;
      metrics.operations.inc({ type: operation?.operation ?? 'unknown', outcome: nameOutcome(data, errors) });
    },
  };
}

// refused: nothing was executed. failed: executed, and nothing came of it.
function nameOutcome(data: unknown, errors: readonly unknown[] | undefined): string {
  if (errors === undefined || errors.length === 0) return 'ok';
  if (data === undefined) return 'refused';
  return data === null ? 'failed' : 'partial';
}
