import type { ConstDirectiveNode } from 'graphql';
import { isStaff } from '../../identity/requirement.js';
import type { Tiers } from '../../identity/tiers.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { Column, Model, ModelGraph, Relation } from '../../model/model-graph.js';
import { ALWAYS, type Condition, NEVER } from '../../reads/condition.js';
import { createOwnRows } from '../../reads/own-rows.js';
import { type DirectiveCarrier, findDirective, findDirectiveNode } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { parseViewerId } from './viewer-id.js';

/** How a row is the viewer's: along relations to the column that holds the owner's id. */
export interface OwnerPath {
  /** As written: `team.leadId`. */
  readonly text: string;
  readonly relations: readonly Relation[];
  /** The model whose column it is. */
  readonly model: Model;
  readonly column: Column;
}

/** Rows that are the viewer's own. */
export interface Owner {
  readonly path: OwnerPath;
  /** A place that each request fills with a condition of its own. */
  readonly where: Condition;
}

/** Reads `@owner` wherever it stands: a directive is read once, however often it is asked for. */
export class OwnerBinder {
  readonly #owners = new Map<ConstDirectiveNode, Owner | null>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly tiers: Tiers,
    private readonly faults: SchemaFaultList,
  ) {}

  /** All owners that were found. */
  get all(): readonly Owner[] {
    return [...this.#owners.values()].flatMap((owner) => owner ?? []);
  }

  /** Whether the directive has been bound to rows, or was found faulty. */
  isKnown(node: ConstDirectiveNode): boolean {
    return this.#owners.has(node);
  }

  /** Null where there is no `@owner`, or a faulty one. `model` is whose rows the path starts at. */
  find(element: DirectiveCarrier, model: Model, place: string): Owner | null {
    const node = findDirectiveNode(element, 'owner');
    if (node === null) return null;
    const known = this.#owners.get(node);
    if (known !== undefined) return known;
    const path = this.#readPath(findDirective(element, 'owner')?.path, node, model, place);
    const owner = path === null ? null : { path, where: ownRowsBy(path, this.tiers) };
    this.#owners.set(node, owner);
    return owner;
  }

  #readPath(text: unknown, node: ConstDirectiveNode, start: Model, place: string): OwnerPath | null {
    const at = `@owner on ${place}`;
    if (typeof text !== 'string' || text === '') {
      this.faults.add(node, `${at}: path must lead to a column, such as "ownerId" or "team.leadId"`);
      return null;
    }
    const steps = text.split('.');
    const last = steps.pop() ?? '';
    const relations: Relation[] = [];
    let model = start;
    for (const step of steps) {
      const relation = model.relations.get(step);
      const target = relation === undefined ? undefined : this.graph.models.get(relation.target);
      if (relation === undefined || target === undefined) {
        const problem = `${at}: "${text}" leads nowhere, as ${model.name} has no relation "${step}"`;
        this.faults.add(node, `${problem}${didYouMean(step, model.relations.keys())}`);
        return null;
      }
      relations.push(relation);
      model = target;
    }
    const column = model.columns.get(last);
    if (column === undefined) {
      const ends = model.relations.has(last)
        ? `${at}: "${text}" ends at a relation; let it go on to a column of ${model.relations.get(last)?.target}`
        : `${at}: "${text}" leads nowhere, as ${model.name} has no column "${last}"${didYouMean(last, model.columns.keys())}`;
      this.faults.add(node, ends);
      return null;
    }
    if (column.isList || !['String', 'Int', 'BigInt'].includes(column.type)) {
      const type = column.isList ? 'a list' : column.pgType;
      this.faults.add(node, `${at}: ${model.name}.${column.name} is ${type}, which holds no viewer's id`);
      return null;
    }
    return { text, relations, model, column };
  }
}

function ownRowsBy({ relations, column }: OwnerPath, tiers: Tiers): Condition {
  return createOwnRows((viewer) => {
    if (isStaff(viewer, tiers)) return ALWAYS;
    const value = viewer.isAuthenticated && viewer.id !== null ? parseViewerId(viewer.id, column) : null;
    if (value === null) return NEVER;
    return relations.reduceRight<Condition>(
      (where, relation) => ({ kind: 'related', relation: relation.name, quantifier: 'some', where }),
      { kind: 'compare', column: column.name, op: 'eq', value },
    );
  });
}
