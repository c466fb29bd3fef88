// Names without length or precision on purpose: they serve casts of values that are to be compared, and a
// cast to varchar(12) would cut the value, one to numeric(10,2) or timestamp(3) would round it, before it
// is looked for.

/** What Prisma makes of a scalar type that has no @db attribute. */
const DEFAULTS = {
  String: 'text',
  Boolean: 'bool',
  Int: 'int4',
  BigInt: 'int8',
  Float: 'float8',
  Decimal: 'numeric',
  DateTime: 'timestamp',
  Json: 'jsonb',
  Bytes: 'bytea',
};

/** Prisma's @db attributes for PostgreSQL. */
const NATIVE = {
  Text: 'text',
  VarChar: 'varchar',
  Char: 'bpchar',
  Citext: 'citext',
  Uuid: 'uuid',
  Inet: 'inet',
  Xml: 'xml',
  Bit: 'bit',
  VarBit: 'varbit',
  Boolean: 'bool',
  SmallInt: 'int2',
  Integer: 'int4',
  Oid: 'oid',
  BigInt: 'int8',
  Real: 'float4',
  DoublePrecision: 'float8',
  Decimal: 'numeric',
  Money: 'money',
  Timestamp: 'timestamp',
  Timestamptz: 'timestamptz',
  Date: 'date',
  Time: 'time',
  Timetz: 'timetz',
  Json: 'json',
  JsonB: 'jsonb',
  ByteA: 'bytea',
};

/**
 * The PostgreSQL type of a scalar field's element.
 * @returns {string | null} null for a type that this generator does not know
 */
export function findPostgresType(type, nativeType) {
  return (nativeType ? NATIVE[nativeType[0]] : DEFAULTS[type]) ?? null;
}

/** @param {string} name */
export function quoteIdentifier(name) {
  return `"${name.replaceAll('"', '""')}"`;
}
