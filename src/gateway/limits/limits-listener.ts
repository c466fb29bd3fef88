import type { GraphQLResponse } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import type { OperationCosts } from '../../binding/cost/operation-costs.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { GatewayContext } from '../gateway-context.js';
import type { RequestListener } from '../request-listener.js';
import { tellBudgets } from './limit-headers.js';
import { OperationLimits, type OperationLimitsParts } from './operation-limits.js';
import { refuseOperation } from './request-refusal.js';

/**
 * Charges each operation before anything of it runs, and shows on every answer how the caller's budgets stand. What was
 * refused before it came to that, for its text or its variables, is charged when it is answered.
 */
export function createLimitsListener(parts: OperationLimitsParts): RequestListener {
  const limit = (context: GatewayContext): OperationLimits => {
    // Of this operation alone: Apollo Server copies the context for each one of a batch.
    context.limits = context.precharged ?? new OperationLimits(parts, context.caller);
    return context.limits;
  };
  return {
    async didResolveOperation({ document, operationName, request, contextValue }) {
      // Nobody asked for it: whoever brought it about has paid for their own.
      if (contextValue.caching.isBackground) return;
      const limits = limit(contextValue);
      // Charged on the way here already, which may have been refused.
      if (limits.decision !== null) {
        const refusal = limits.refusal;
        if (refusal !== null) throw refusal;
        return;
      }
      await limits.charge(measure(parts.costs, document, operationName, request.variables ?? {}));
    },
    async willSendResponse({ request, response, contextValue }) {
      if (contextValue.caching.isBackground) return;
      const limits = contextValue.limits ?? limit(contextValue);
      if (limits.decision === null) {
        const refusal = await limits.chargeRefused();
        if (refusal !== null) replace(response, refusal);
      }
      if (limits.decision !== null) tellBudgets(response.http, limits.decision);
      if (request.extensions?.rateLimit !== true || response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      singleResult.extensions = { ...singleResult.extensions, rateLimit: limits.rateLimit };
    },
  };
}

function measure(costs: OperationCosts, ...operation: Parameters<OperationCosts['measure']>) {
  try {
    return costs.measure(...operation);
  } catch (error) {
    throw error instanceof SluiceError ? refuseOperation(error) : error;
  }
}

/** In place of what was to be answered, which its caller has no budget for either. */
function replace(response: GraphQLResponse, refusal: GraphQLError): void {
  const { http, ...extensions } = refusal.extensions;
  const { status, headers } = http as {
    readonly status: number;
    readonly headers: Iterable<[string, string]>;
  };
  response.http.status = status;
  for (const [name, value] of headers) response.http.headers.set(name, value);
  response.body = { kind: 'single', singleResult: { errors: [{ message: refusal.message, extensions }] } };
}
