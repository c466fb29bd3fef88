import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Tiers } from '../../identity/tiers.js';
import { didYouMean } from '../../kernel/suggestion.js';
import type { Model } from '../../model/model-graph.js';
import type { AggregateBinding, FieldBinding, ObjectBinding, RootBinding } from '../bindings.js';
import type { SchemaScope } from '../schema-scope.js';
import { findDirectiveNode } from '../sdl/directive-arguments.js';
import { Authorization } from './authorization.js';
import { RequirementTable, VIEWER_DIRECTIVES } from './requirement-table.js';
import { FREE, type Rule, requireAll, requireOneOf, requireRules } from './rule.js';
import { showsColumn, showsRelation } from './shown-by.js';

type FieldedType = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;
type MutableRules = Map<string, Map<string, Rule>>;

/**
 * Reads who may select what once everything else is bound; directives that can do nothing are faults. Null where the
 * SDL has none of them.
 */
export function bindAuthorization(
  scope: SchemaScope,
  roots: ReadonlyMap<string, RootBinding>,
  tiers: Tiers,
): Authorization | null {
  const binder = new AuthorizationBinder(scope, roots, tiers);
  binder.bind();
  const requirements = binder.requirements.all;
  const owners = scope.owners.all.map((owner) => owner.path);
  if (requirements.length === 0 && owners.length === 0) return null;
  const { types, fields, columns, relations } = binder;
  return new Authorization(Object.freeze({ tiers, requirements, types, fields, columns, relations, owners }));
}

class AuthorizationBinder {
  readonly requirements: RequirementTable;
  readonly types = new Map<string, Rule>();
  readonly fields: MutableRules = new Map();
  readonly columns: MutableRules = new Map();
  readonly relations: MutableRules = new Map();
  readonly #operationTypes: ReadonlySet<unknown>;
  readonly #fieldedTypes: readonly FieldedType[];

  constructor(
    private readonly scope: SchemaScope,
    private readonly roots: ReadonlyMap<string, RootBinding>,
    tiers: Tiers,
  ) {
    const { schema } = scope;
    this.requirements = new RequirementTable(tiers, scope.faults);
    this.#operationTypes = new Set([
      schema.getQueryType(),
      schema.getMutationType(),
      schema.getSubscriptionType(),
    ]);
    this.#fieldedTypes = Object.values(schema.getTypeMap()).filter(
      (type): type is FieldedType =>
        (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'),
    );
  }

  bind(): void {
    for (const type of this.#fieldedTypes) {
      const rule = this.#direct(type, type.name);
      if (rule.length > 0 && !this.#operationTypes.has(type)) this.types.set(type.name, rule);
    }
    for (const type of this.#fieldedTypes) {
      for (const field of Object.values(type.getFields())) {
        put(this.fields, type.name, field.name, this.#fieldRule(type, field));
      }
    }
    // What shows columns and relations is known now, so what is read of them without being shown can follow.
    for (const model of new Set([...this.scope.objects.values()].map((object) => object.model))) {
      this.#bindModel(model);
    }
    this.#bindSummaries();
    this.#findIdle();
  }

  #direct(element: Parameters<RequirementTable['read']>[0], place: string): Rule {
    return requireAll(this.requirements.read(element, place));
  }

  #fieldRule(type: FieldedType, field: Field): Rule {
    const inherited = type
      .getInterfaces()
      .flatMap((item) => item.getFields()[field.name] ?? [])
      .map((item) => this.#direct(item, `${type.name}.${field.name}`));
    // Operation types are returned by no field: what they require holds for each of theirs.
    const start = this.#operationTypes.has(type) ? this.#direct(type, type.name) : FREE;
    const own = this.#direct(field, `${type.name}.${field.name}`);
    return requireRules(start, own, ...inherited, this.#returnedRule(field.type));
  }

  /** What a field's type requires; for a connection also its rows'. */
  #returnedRule(type: GraphQLOutputType): Rule {
    const named = getNamedType(type);
    const row = this.scope.findConnectionTarget(named);
    return requireRules(this.#typeRule(named.name), row === null ? FREE : this.#typeRule(row.typeName));
  }

  #typeRule(typeName: string): Rule {
    return this.types.get(typeName) ?? FREE;
  }

  #fieldRuleOf(typeName: string, fieldName: string): Rule {
    return this.fields.get(typeName)?.get(fieldName) ?? FREE;
  }

  #objectsOf(model: Model): readonly ObjectBinding[] {
    return [...this.scope.objects.values()].filter((object) => object.model === model);
  }

  /** Rows of a model, where no field says of which type they are: who may see one of its types. */
  #modelRule(model: Model): Rule {
    return requireOneOf(this.#objectsOf(model).map(({ typeName }) => this.#typeRule(typeName)));
  }

  /**
   * A column may be asked for where every type that shows it lets the viewer see it, by at least one of its fields; a
   * relation likewise, and one that no type shows where the rows that it leads to may be seen.
   */
  #bindModel(model: Model): void {
    for (const column of model.columns.keys()) {
      const shown = this.#shownBy(model, (binding) => showsColumn(binding, column));
      put(this.columns, model.name, column, requireRules(...shown));
    }
    for (const relation of model.relations.values()) {
      const shown = this.#shownBy(model, (binding) => showsRelation(binding, relation.name));
      const target = this.scope.graph.models.get(relation.target);
      const rule =
        shown.length > 0 || target === undefined ? requireRules(...shown) : this.#modelRule(target);
      put(this.relations, model.name, relation.name, rule);
    }
  }

  /** For each of the model's types that shows something, what it takes to see it there. */
  #shownBy(model: Model, shows: (binding: FieldBinding) => boolean): readonly Rule[] {
    return this.#objectsOf(model).flatMap((object) => {
      const rules = [...object.fields]
        .filter(([, binding]) => shows(binding))
        .map(([name]) =>
          requireRules(this.#typeRule(object.typeName), this.#fieldRuleOf(object.typeName, name)),
        );
      return rules.length === 0 ? [] : [requireOneOf(rules)];
    });
  }

  /** Counts and aggregates tell of rows and columns without showing them. */
  #bindSummaries(): void {
    for (const { typeName, model, fields } of this.scope.objects.values()) {
      for (const [name, binding] of fields) {
        if (binding.kind !== 'count' && binding.kind !== 'aggregate') continue;
        const rule = this.relations.get(model.name)?.get(binding.relation.name) ?? FREE;
        this.#add(typeName, name, rule);
        if (binding.kind === 'aggregate') this.#bindAggregate(binding.aggregate, binding.target.model);
      }
    }
    const query = this.scope.schema.getQueryType();
    for (const [name, root] of this.roots) {
      if (query == null || (root.kind !== 'count' && root.kind !== 'aggregate')) continue;
      this.#add(query.name, name, this.#modelRule(root.target.model));
      if (root.kind === 'aggregate') this.#bindAggregate(root.aggregate, root.target.model);
    }
  }

  #bindAggregate({ groups }: AggregateBinding, model: Model): void {
    for (const { type, fields } of groups.values()) {
      for (const [name, { column }] of fields) {
        if (column !== null) this.#add(type.name, name, this.columns.get(model.name)?.get(column) ?? FREE);
      }
    }
  }

  #add(typeName: string, fieldName: string, rule: Rule): void {
    put(this.fields, typeName, fieldName, requireRules(this.#fieldRuleOf(typeName, fieldName), rule));
  }

  /** Directives that stand where they can do nothing. */
  #findIdle(): void {
    const { faults, objects } = this.scope;
    for (const type of this.#fieldedTypes) {
      for (const name of VIEWER_DIRECTIVES) {
        const node = findDirectiveNode(type, name);
        if (node !== null && !this.#isReturned(type))
          faults.add(node, `@${name} on ${type.name} can do nothing: no field returns a ${type.name}`);
      }
      const owned = findDirectiveNode(type, 'owner');
      if (owned !== null && !objects.has(type.name)) {
        const known = this.scope.graph.models.keys();
        const problem = `@owner on ${type.name} can do nothing: ${type.name} stands for no model`;
        faults.add(owned, `${problem}${didYouMean(type.name, known)}`);
      }
      for (const field of Object.values(type.getFields())) this.#findIdleOwner(type, field);
    }
  }

  #findIdleOwner(type: FieldedType, field: Field): void {
    const node = findDirectiveNode(field, 'owner');
    if (node === null || this.scope.owners.isKnown(node)) return;
    const place = `${type.name}.${field.name}`;
    const why = this.scope.hasResolver(type.name, field.name)
      ? 'its resolver is written by hand, and decides itself whose rows it gives'
      : 'it stands for no rows of one model';
    this.scope.faults.add(node, `@owner on ${place} can do nothing: ${why}`);
  }

  #isReturned(type: FieldedType): boolean {
    if (this.#operationTypes.has(type)) return true;
    return this.#fieldedTypes.some((owner) =>
      Object.values(owner.getFields()).some((field) => {
        const named = getNamedType(field.type);
        if (named === type) return true;
        return (
          isObjectType(type) &&
          (isInterfaceType(named) || isUnionType(named)) &&
          this.scope.schema.isSubType(named, type)
        );
      }),
    );
  }
}

/** Notes a rule; everyone's are not kept. */
function put(rules: MutableRules, name: string, inner: string, rule: Rule): void {
  if (rule.length === 0) return;
  const known = rules.get(name) ?? new Map<string, Rule>();
  rules.set(name, known.set(inner, rule));
}
