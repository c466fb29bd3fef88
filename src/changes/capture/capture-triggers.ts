import { createHash } from 'node:crypto';
import { quoteIdentifier, quoteQualified } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import type { CaptureSpec } from './capture-spec.js';
import { type CapturedOperation, triggerBody } from './trigger-body.js';

export interface QualifiedTable {
  readonly schema: string;
  readonly name: string;
}

/** A trigger as it should stand in the catalogue. */
export interface CaptureTrigger {
  readonly table: QualifiedTable;
  readonly name: string;
  /** In the schema `sluice`. */
  readonly functionName: string;
  /** pg_trigger.tgtype. */
  readonly type: number;
  /** The statement that makes it. */
  readonly sql: string;
}

const OPERATIONS: readonly CapturedOperation[] = ['insert', 'update', 'delete'];
/** Bits of pg_trigger.tgtype; a trigger for each row has 1 as well. */
const TYPES = { insert: 4, update: 16, delete: 8, truncate: 32 } as const;
const TRANSITIONS = {
  insert: 'NEW TABLE AS new_rows',
  update: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
  delete: 'OLD TABLE AS old_rows',
} as const;

/** Every trigger of a captured table. PostgreSQL itself gives partitions those for each row, but not TRUNCATE's. */
export function captureTriggers(
  spec: CaptureSpec,
  partitions: readonly QualifiedTable[],
): readonly CaptureTrigger[] {
  return [
    ...OPERATIONS.map((operation) => changeTrigger(spec, operation)),
    ...[spec.table, ...partitions].map((table) => truncateTrigger(spec.model, table)),
  ];
}

/** The statements that make or replace the functions behind the triggers. */
export function captureFunctions(spec: CaptureSpec): readonly string[] {
  return OPERATIONS.map((operation) => {
    const name = functionName(spec.model, operation);
    return `CREATE OR REPLACE FUNCTION sluice.${quoteIdentifier(name)}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $sluice$
${triggerBody(spec, operation)}
$sluice$`;
  });
}

/** Names of the functions that belong to a model's triggers. */
export function captureFunctionNames(model: string): readonly string[] {
  return OPERATIONS.map((operation) => functionName(model, operation));
}

function changeTrigger({ model, table, mode }: CaptureSpec, operation: CapturedOperation): CaptureTrigger {
  const name = `sluice_${operation}`;
  const fn = functionName(model, operation);
  const level = mode === 'row' ? 'FOR EACH ROW' : `REFERENCING ${TRANSITIONS[operation]} FOR EACH STATEMENT`;
  return {
    table,
    name,
    functionName: fn,
    type: TYPES[operation] + (mode === 'row' ? 1 : 0),
    sql: `CREATE TRIGGER ${name} AFTER ${operation.toUpperCase()} ON ${tableSql(table)}
  ${level} EXECUTE FUNCTION sluice.${quoteIdentifier(fn)}()`,
  };
}

function truncateTrigger(model: string, table: QualifiedTable): CaptureTrigger {
  return {
    table,
    name: 'sluice_truncate',
    functionName: 'capture_truncate',
    type: TYPES.truncate,
    sql: `CREATE TRIGGER sluice_truncate AFTER TRUNCATE ON ${tableSql(table)}
  FOR EACH STATEMENT EXECUTE FUNCTION sluice.capture_truncate(${quoteLiteral(model)})`,
  };
}

export function tableSql({ schema, name }: QualifiedTable): string {
  return quoteQualified(schema, name);
}

/** PostgreSQL cuts names at 63 bytes. */
const MAX_MODEL_BYTES = 40;

function functionName(model: string, operation: CapturedOperation): string {
  const isShort = Buffer.byteLength(model) <= MAX_MODEL_BYTES;
  const name = isShort ? model : createHash('md5').update(model).digest('hex');
  return `capture_${name}_${operation}`;
}
