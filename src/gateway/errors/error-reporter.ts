import { randomUUID } from 'node:crypto';
import type { ApolloServerOptions, ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError, Kind, type VariableDefinitionNode } from 'graphql';
import { ERROR_CODES } from '../../kernel/error-codes.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { GatewayContext } from '../gateway-context.js';
import type { RequestListener } from '../request-listener.js';
import { findLiteralPath, type InputPath, listVariableFaults } from './input-path.js';
import { judgeError, type Verdict } from './judge-error.js';

type FormatError = NonNullable<ApolloServerOptions<GatewayContext>['formatError']>;
type RequestState = GraphQLRequestContext<GatewayContext>;

/** Decides what clients learn of errors, and logs what they don't. */
export interface ErrorReporter {
  /** Sees errors while their request is still known. */
  readonly listener: RequestListener;
  /** Sees what Apollo Server itself fails at. */
  readonly plugin: ApolloServerPlugin<GatewayContext>;
  /** Writes errors into the response. */
  readonly formatError: FormatError;
}

/** The public part of an error, beside its message, locations and path. */
interface Disclosure {
  readonly message: string;
  readonly extensions: { readonly [key: string]: unknown };
}

/** `log` takes what can't be told of a request. */
export function createErrorReporter(options: {
  readonly log: Logger;
  readonly metrics: Metrics;
}): ErrorReporter {
  // Apollo Server formats errors without telling whose they are; the plugin, which comes first, knows.
  const disclosures = new WeakMap<object, Disclosure>();

  function disclose(error: GraphQLError, log: Logger, inputPath: InputPath | undefined): Disclosure {
    const verdict = judgeError(error);
    const disclosure = createDisclosure(error, verdict, inputPath, log);
    const code = String(disclosure.extensions.code);
    options.metrics.errors.inc({ code: code in ERROR_CODES ? code : 'OTHER' });
    return disclosure;
  }

  return {
    plugin: {
      // Apollo Server replaces such an error by one that says nothing: this is the last to see it.
      async unexpectedErrorProcessingRequest({ requestContext, error }) {
        requestContext.contextValue.log.error({ err: error }, 'A request met an unexpected error');
      },
    },
    listener: {
      didEncounterErrors(request) {
        const findInputPath = createInputPathFinder(request);
        for (const error of request.errors) {
          const disclosure = disclose(error, request.contextValue.log, findInputPath(error));
          disclosures.set(error, disclosure);
          request.contextValue.activity.errorCodes.add(String(disclosure.extensions.code));
        }
      },
    },
    formatError(formatted, error) {
      const graphQLError = error instanceof GraphQLError ? error : wrapError(error);
      const disclosure = disclosures.get(graphQLError) ?? disclose(graphQLError, options.log, undefined);
      return { ...formatted, ...disclosure } as GraphQLFormattedError;
    },
  };
}

function wrapError(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

function createDisclosure(
  error: GraphQLError,
  verdict: Verdict,
  inputPath: InputPath | undefined,
  log: Logger,
): Disclosure {
  const { http: _, stacktrace: __, ...extensions } = error.extensions;
  switch (verdict.kind) {
    case 'internal': {
      const errorId = randomUUID();
      log.error({ err: verdict.cause, errorId, path: error.path }, 'A request met an internal error');
      return { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', errorId } };
    }
    case 'unnamed': {
      const errorId = randomUUID();
      log.error({ err: verdict.cause, errorId, path: error.path }, 'A request met an error without a code');
      return {
        message: error.message,
        extensions: { ...extensions, code: 'INTERNAL_SERVER_ERROR', errorId },
      };
    }
    case 'value':
      return {
        message: error.message,
        extensions: { ...extensions, code: 'BAD_USER_INPUT', ...(inputPath && { inputPath }) },
      };
    case 'named': {
      const status = ERROR_CODES[verdict.code as keyof typeof ERROR_CODES] ?? 400;
      if (status >= 500) log.warn({ err: verdict.cause, path: error.path }, 'A request failed in part');
      return {
        message: error.message,
        extensions: {
          ...extensions,
          code: verdict.code,
          ...(verdict.inputPath && { inputPath: verdict.inputPath }),
        },
      };
    }
  }
}

/** Finds the input path of each error of one response, which must be asked in the errors' order. */
function createInputPathFinder(request: RequestState): (error: GraphQLError) => InputPath | undefined {
  const remaining = new Map<VariableDefinitionNode, InputPath[]>();
  return (error) => {
    const node = error.nodes?.[0];
    if (node === undefined || request.document === undefined) return undefined;
    if (node.kind === Kind.VARIABLE_DEFINITION) {
      // One error for each fault in a variable's value, in the order of a second coercion.
      const faults =
        remaining.get(node) ?? listVariableFaults(request.schema, node, request.request.variables ?? {});
      remaining.set(node, faults);
      return faults.shift();
    }
    if (node.kind === Kind.FIELD) return undefined;
    const inputPath = findLiteralPath(request.document, node);
    return inputPath.length > 0 ? inputPath : undefined;
  };
}
