import type { PlanInput, Tuple } from '../../reads/plan/read-plan.js';
import type { CodeSize } from './code-size.js';

/** What one request's compiled code has at hand beside tuples. */
export interface Run {
  readonly inputs: readonly PlanInput[];
  readonly total: number | null;
}

/** Makes a field's value of what stands for its parent. */
export type FieldCode<Parent> = (parent: Parent, run: Run) => unknown;

export interface ObjectField<Parent> {
  readonly key: string;
  readonly code: FieldCode<Parent>;
}

/**
 * A function that makes an object of the given fields, in their order. Its source is generated, so that every object
 * of a selection is born in its final form; the only text that enters it are response keys, which GraphQL's grammar
 * keeps to letters, digits and underscores.
 */
export function compileObject<Parent>(
  fields: readonly ObjectField<Parent>[],
  size: CodeSize,
): FieldCode<Parent> {
  size.add(fields.length);
  for (const { key } of fields) {
    if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(key)) throw new TypeError(`"${key}" is no response key`);
  }
  const names = fields.map((_, index) => `f${index}`);
  // In brackets a key named __proto__ is a property like any other.
  const properties = fields.map(({ key }, index) => `[${JSON.stringify(key)}]: f${index}(parent, run)`);
  const source = `return (parent, run) => ({ ${properties.join(', ')} })`;
  return new Function(...names, source)(...fields.map(({ code }) => code)) as FieldCode<Parent>;
}

export type TupleCode = FieldCode<Tuple>;
