import { type DocumentNode, execute, type FormattedExecutionResult, type GraphQLSchema } from 'graphql';
import type { OperationCompiler } from '../../binding/compiled/operation-compiler.js';
import type { GatewayContext } from '../gateway-context.js';

type Variables = { readonly [name: string]: unknown };

/**
 * Executes queries that were validated already: by compiled code where there is some, else by graphql-js, as the gateway
 * does for whole operations. Errors are as they were thrown, for nobody to see.
 */
export function createExecution(schema: GraphQLSchema, compiler: OperationCompiler | null) {
  return async (
    document: DocumentNode,
    variableValues: Variables,
    contextValue: GatewayContext,
  ): Promise<FormattedExecutionResult> => {
    const data = await compiler?.run(document, null, variableValues, contextValue);
    return data == null ? execute({ schema, document, contextValue, variableValues }) : { data };
  };
}
