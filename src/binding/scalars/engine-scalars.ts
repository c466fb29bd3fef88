import type { GraphQLScalarType } from 'graphql';
import { GraphQLJSON } from 'graphql-scalars';
import { BigIntScalar } from './big-int.js';
import { BytesScalar } from './bytes.js';
import { DateScalar, TimeScalar } from './calendar.js';
import { DateTimeScalar } from './date-time.js';
import { DecimalScalar } from './decimal.js';
import { UuidScalar } from './uuid.js';

/**
 * The scalars of `schema/sluice/scalars.graphql`. JSON is graphql-scalars' own; the rest are ours,
 * because the library's pass through Date, number or a guess between hex and base64 and lose digits.
 * All of them take and give the texts of `reads/row.ts`.
 */
export const ENGINE_SCALARS: ReadonlyMap<string, GraphQLScalarType> = new Map<string, GraphQLScalarType>([
  ['DateTime', DateTimeScalar],
  ['Date', DateScalar],
  ['Time', TimeScalar],
  ['Decimal', DecimalScalar],
  ['BigInt', BigIntScalar],
  ['JSON', GraphQLJSON],
  ['UUID', UuidScalar],
  ['Bytes', BytesScalar],
]);
