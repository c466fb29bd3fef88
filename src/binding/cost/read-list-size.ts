import {
  type ConstDirectiveNode,
  type GraphQLField,
  GraphQLInt,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import { didYouMean } from '../../kernel/suggestion.js';
import { findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { isList } from './connection-shape.js';
import { MAX_COST } from './weights.js';

type Field = GraphQLField<unknown, unknown>;

/** What `@listSize` says of a field; null where it leaves something to the defaults. */
export interface StatedListSize {
  readonly assumedSize: number | null;
  readonly slicingArguments: readonly string[] | null;
  readonly sizedFields: readonly string[] | null;
  readonly requiresOneArgument: boolean;
}

/** Reads `@listSize`; null where a field carries none. */
export function readListSize(field: Field, place: string, faults: SchemaFaultList): StatedListSize | null {
  const given = findDirective(field, 'listSize');
  const node = findDirectiveNode(field, 'listSize');
  if (given === null || node === null) return null;
  const reading = new ListSizeReading(field, `@listSize on ${place}`, node, faults);
  const sizedFields = reading.readSizedFields(given.sizedFields);
  if (sizedFields === null && !isList(field) && !hasListFields(field)) {
    reading.fault(`says how long a list is, but ${field.type} is none`);
  }
  return {
    assumedSize: reading.readAssumedSize(given.assumedSize),
    slicingArguments: reading.readSlicingArguments(given.slicingArguments),
    sizedFields,
    requiresOneArgument: reading.readRequirement(given.requireOneSlicingArgument),
  };
}

/** Whether an argument can say how long a list is: as a number, or as a list by its length. */
export function canSlice(argument: Field['args'][number]): boolean {
  return getNullableType(argument.type) === GraphQLInt || isListType(getNullableType(argument.type));
}

function hasListFields(field: Field): boolean {
  const type = getNamedType(field.type);
  return isObjectType(type) && Object.values(type.getFields()).some(isList);
}

class ListSizeReading {
  constructor(
    private readonly field: Field,
    private readonly subject: string,
    private readonly node: ConstDirectiveNode,
    private readonly faults: SchemaFaultList,
  ) {}

  fault(problem: string): null {
    this.faults.add(this.node, `${this.subject} ${problem}`);
    return null;
  }

  readAssumedSize(value: unknown): number | null {
    if (value === undefined || value === null) return null;
    if (Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MAX_COST) return Number(value);
    return this.fault(`assumes a size of ${String(value)}: expected a whole number of at least 0`);
  }

  readRequirement(value: unknown): boolean {
    if (value === undefined || value === null || typeof value === 'boolean') return value === true;
    this.fault(`has a requireOneSlicingArgument of ${String(value)}: expected true or false`);
    return false;
  }

  readSlicingArguments(value: unknown): readonly string[] | null {
    const known = this.field.args.map(({ name }) => name);
    return this.#readNames(value, 'slicingArguments', (name) => {
      const argument = this.field.args.find((item) => item.name === name);
      if (argument === undefined)
        return `names no argument of the field: "${name}"${didYouMean(name, known)}`;
      return canSlice(argument)
        ? null
        : `can't take a size from the argument "${name}", which is ${argument.type}: expected an Int or a list`;
    });
  }

  readSizedFields(value: unknown): readonly string[] | null {
    const type = getNamedType(this.field.type);
    const fields = isObjectType(type) ? type.getFields() : {};
    if (Array.isArray(value) && isList(this.field))
      return this.fault(`names sizedFields, but ${this.field.type} is a list itself`);
    return this.#readNames(value, 'sizedFields', (name) => {
      const sized = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (sized === undefined)
        return `names no field of ${type.name}: "${name}"${didYouMean(name, Object.keys(fields))}`;
      return isList(sized) ? null : `can't give a size to ${type.name}.${name}, which is no list`;
    });
  }

  #readNames(
    value: unknown,
    argument: string,
    findProblem: (name: string) => string | null,
  ): readonly string[] | null {
    if (value === undefined || value === null) return null;
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const name of names) {
      const problem =
        typeof name === 'string'
          ? findProblem(name)
          : `has ${String(name)} among its ${argument}: expected names`;
      if (problem !== null) this.fault(problem);
    }
    return names.filter((name) => typeof name === 'string');
  }
}
