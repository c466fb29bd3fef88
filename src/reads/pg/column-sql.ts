import type { Column, EnumType } from '../../model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../../model/sql/identifiers.js';
import { toParameterType } from '../../model/sql/parameter-type.js';
import { createDecoder, type Decode } from './decode-value.js';
import { createEncoder, type Encode } from './encode-value.js';

/** All that statements need to know of a column. */
export interface ColumnSql {
  readonly column: Column;
  /** The quoted name. */
  readonly name: string;
  /** Type of a parameter that stands for one value of the column (for a list column: one list). */
  readonly parameterType: string;
  readonly decode: Decode;
  readonly encode: Encode;
  /** Whether patterns can be matched with the column as it is. */
  readonly isText: boolean;
  /** Turns a reference to the column into what is selected. */
  readonly toSelected: (reference: string) => string;
  /** Turns a reference to the column into what parameters are compared with. */
  readonly toComparable: (reference: string) => string;
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar']);

export function createColumnSql(column: Column, enumType: EnumType | null, defaultSchema: string): ColumnSql {
  const elementType =
    enumType === null
      ? toParameterType(column.pgType)
      : quoteQualified(enumType.dbSchema ?? defaultSchema, enumType.dbName);
  const brackets = column.isList ? '[]' : '';
  const stand = STAND_INS.get(elementType);
  const asStandIn = stand === undefined ? keep : (reference: string) => `${reference}::${stand}${brackets}`;
  return {
    column,
    name: quoteIdentifier(column.dbName),
    parameterType: `${stand ?? elementType}${brackets}`,
    decode: createDecoder(column, enumType),
    encode: createEncoder(column, enumType),
    isText: TEXT_TYPES.has(elementType) && !column.isList,
    toSelected: elementType === 'money' ? asStandIn : keep,
    toComparable: asStandIn,
  };
}

/**
 * Types to work with in place of the column's own: json and xml can't be compared, and money is read and
 * printed as the session's locale says.
 */
const STAND_INS: ReadonlyMap<string, string> = new Map([
  ['json', 'jsonb'],
  ['xml', 'text'],
  ['money', 'numeric'],
]);

function keep(reference: string): string {
  return reference;
}
