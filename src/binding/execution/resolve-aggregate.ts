import { type FieldNode, isObjectType } from 'graphql';
import type { RowValue } from '../../reads/row.js';
import type { Aggregate } from '../../reads/row-reader.js';
import type { AggregateBinding } from '../bindings.js';
import { collectSelectedFields, type SelectionScope } from './selected-fields.js';

/** Where each aggregate's value goes: `count`, or a field of a group. */
interface Slot {
  readonly group: string | null;
  readonly field: string;
}

/** The aggregates that a selection asks for, and how their values become the object that it expects. */
export interface AggregatePlan {
  readonly aggregates: readonly Aggregate[];
  readonly shape: (values: readonly RowValue[]) => Readonly<Record<string, unknown>>;
}

/** Looks ahead: only what is selected is computed. */
export function planAggregates(
  info: SelectionScope,
  binding: AggregateBinding,
  nodes: readonly FieldNode[],
): AggregatePlan {
  const aggregates: Aggregate[] = [];
  const slots: Slot[] = [];
  const selected = collectSelectedFields(info, binding.type, nodes);
  for (const [name, fieldNodes] of selected) {
    if (binding.counts.includes(name)) {
      aggregates.push({ fn: 'count', column: null });
      slots.push({ group: null, field: name });
    }
    const group = binding.groups.get(name);
    if (group === undefined || !isObjectType(group.type)) continue;
    for (const field of collectSelectedFields(info, group.type, fieldNodes).keys()) {
      const aggregate = group.fields.get(field);
      if (aggregate === undefined) continue;
      aggregates.push(aggregate);
      slots.push({ group: name, field });
    }
  }
  return { aggregates, shape: (values) => shapeAggregates(binding, slots, values) };
}

function shapeAggregates(binding: AggregateBinding, slots: readonly Slot[], values: readonly RowValue[]) {
  const shaped: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, RowValue>>();
  // A group of which only __typename is selected is still an object.
  for (const name of binding.groups.keys()) {
    const group: Record<string, RowValue> = {};
    groups.set(name, group);
    shaped[name] = group;
  }
  for (const [index, slot] of slots.entries()) {
    const target = slot.group === null ? shaped : groups.get(slot.group);
    if (target !== undefined) target[slot.field] = values[index] ?? null;
  }
  return shaped;
}
