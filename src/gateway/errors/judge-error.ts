import { GraphQLError, Kind } from 'graphql';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { InputPath } from './input-path.js';

/** What an error is to the one who gets it. */
export type Verdict =
  /** A defect: the client learns that there was one, and the id under which the log tells more. */
  | { readonly kind: 'internal'; readonly cause: unknown }
  /** Written for the client by someone who gave it no code: shown, and logged as well. */
  | { readonly kind: 'unnamed'; readonly cause: unknown }
  | { readonly kind: 'named'; readonly cause: unknown; readonly code: string; readonly inputPath?: InputPath }
  /** A value of the caller's that doesn't fit its type. */
  | { readonly kind: 'value'; readonly cause: unknown };

/**
 * Foreseen are a `SluiceError`, and a `GraphQLError` that has a code or no other error as its origin; all else
 * is a defect.
 */
export function judgeError(error: GraphQLError): Verdict {
  const cause = findOrigin(error);
  const code = readCode(error);
  // Before the cause is looked at: a scalar may have refused the value with an error of any class.
  if (isValueFault(error, code)) return { kind: 'value', cause };
  if (cause instanceof SluiceError) {
    return { kind: 'named', cause, code: cause.code, inputPath: cause.inputPath };
  }
  if (code !== undefined) return { kind: 'named', cause, code };
  if (!(cause instanceof GraphQLError)) return { kind: 'internal', cause };
  // Apollo Server's own refusals of a malformed request have a status, but not all of them a code.
  if (error.extensions.http !== undefined) return { kind: 'named', cause, code: 'BAD_REQUEST' };
  return { kind: 'unnamed', cause };
}

const VALUE_KINDS: ReadonlySet<string> = new Set([
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
  Kind.OBJECT_FIELD,
]);

// Told by the node that graphql-js blames, not by the message: a value that is written in the document (found
// by validation), a variable's value (found before execution), or a variable without a value where an
// argument needs one (found while executing).
function isValueFault(error: GraphQLError, code: string | undefined): boolean {
  const kind = error.nodes?.[0]?.kind;
  if (kind === undefined) {
    // Too many faulty values: graphql-js stops counting, and blames no node any more.
    return code === undefined && error.path === undefined && isOwnError(error);
  }
  if (code === 'GRAPHQL_VALIDATION_FAILED') return VALUE_KINDS.has(kind);
  if (code !== undefined && code !== 'BAD_USER_INPUT') return false;
  return VALUE_KINDS.has(kind) || kind === Kind.VARIABLE || kind === Kind.VARIABLE_DEFINITION;
}

function isOwnError(error: GraphQLError): boolean {
  return error.originalError === undefined && error.extensions.http === undefined;
}

function readCode(error: GraphQLError): string | undefined {
  const code = error.extensions.code;
  // Apollo Server's word for "no code".
  return typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR' ? code : undefined;
}

function findOrigin(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError !== undefined) origin = origin.originalError;
  return origin;
}
