import { HeaderMap } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import type { OperationCompiler } from '../binding/compiled/operation-compiler.js';
import type { RequestListener } from './request-listener.js';

/** Lets compiled code answer what it can; Apollo Server has graphql-js execute the rest. */
export function createCompiledExecutionListener(compiler: OperationCompiler): RequestListener {
  return {
    async responseForOperation({ document, operation, operationName, request, contextValue }) {
      // There is none where the request names one that the document doesn't have.
      if ((operation as OperationDefinitionNode | undefined) === undefined) return null;
      const data = await compiler.run(document, operationName, request.variables ?? {}, contextValue);
      if (data === null) return null;
      // Whole and without errors: nothing is left to format or to mask.
      return {
        http: { status: undefined, headers: new HeaderMap() },
        body: { kind: 'single', singleResult: { data } },
      };
    },
  };
}
