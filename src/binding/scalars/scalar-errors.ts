import { GraphQLError } from 'graphql';

/** The error of a scalar that refuses a value; shows at most 60 characters of it. */
export function scalarError(scalar: string, problem: string, value: unknown): GraphQLError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  const brief = shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
  return new GraphQLError(`${scalar} ${problem}, not ${brief}`, { extensions: { code: 'BAD_USER_INPUT' } });
}
