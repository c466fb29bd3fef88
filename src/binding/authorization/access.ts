import { describeRequirement } from '../../identity/requirement.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { AuthorizationTables, RulesByName } from './authorization-tables.js';
import { isMet, type Rule } from './rule.js';

type InputPath = readonly (string | number)[];

/**
 * What viewers who meet the same requirements may do. It knows no viewer, so what is made for one of them may be kept
 * for all, under its `key`.
 */
export class Access {
  /** Whether everything may be selected. */
  readonly isFull: boolean;
  /** Whether some column or relation may not be asked for in arguments. */
  readonly limitsInputs: boolean;
  readonly #types: ReadonlySet<string>;
  readonly #fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #columns: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #relations: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #errors = new Map<string, SluiceError>();

  constructor(
    /** Tells sets of met requirements apart. */
    readonly key: string,
    private readonly tables: AuthorizationTables,
    private readonly met: readonly boolean[],
    private readonly isAuthenticated: boolean,
  ) {
    this.#types = new Set(unmet(tables.types, met));
    this.#fields = unmetByName(tables.fields, met);
    this.#columns = unmetByName(tables.columns, met);
    this.#relations = unmetByName(tables.relations, met);
    this.limitsInputs = this.#columns.size > 0 || this.#relations.size > 0;
    this.isFull = !this.limitsInputs && this.#types.size === 0 && this.#fields.size === 0;
  }

  /** Whether no object of the type may be seen. */
  forbidsType(typeName: string): boolean {
    return this.#types.has(typeName);
  }

  forbidsField(typeName: string, fieldName: string): boolean {
    return this.#fields.get(typeName)?.has(fieldName) === true;
  }

  forbidsColumn(model: string, column: string): boolean {
    return this.#columns.get(model)?.has(column) === true;
  }

  forbidsRelation(model: string, relation: string): boolean {
    return this.#relations.get(model)?.has(relation) === true;
  }

  /** @throws SluiceError `UNAUTHENTICATED` or `FORBIDDEN` */
  checkType(typeName: string): void {
    if (!this.forbidsType(typeName)) return;
    throw this.#refusal(typeName, this.tables.types.get(typeName) ?? []);
  }

  /** @throws SluiceError `UNAUTHENTICATED` or `FORBIDDEN` */
  checkField(typeName: string, fieldName: string): void {
    if (!this.forbidsField(typeName, fieldName)) return;
    throw this.#refusal(`${typeName}.${fieldName}`, this.tables.fields.get(typeName)?.get(fieldName) ?? []);
  }

  /** The error for an argument that asks for a forbidden column or relation. */
  refuseInput(path: InputPath, kind: 'columns' | 'relations', model: string, name: string): SluiceError {
    const needs = this.#needs(this.tables[kind].get(model)?.get(name) ?? []);
    const what = kind === 'columns' ? 'reads' : 'follows';
    return new SluiceError(this.#code, `${path.join('.')} ${what} ${model}.${name}, which needs ${needs}`, {
      inputPath: path,
    });
  }

  get #code(): 'FORBIDDEN' | 'UNAUTHENTICATED' {
    return this.isAuthenticated ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  }

  /** Made once: each of a long list's items may be refused, and a stack trace would tell nothing. */
  #refusal(place: string, rule: Rule): SluiceError {
    let error = this.#errors.get(place);
    if (error === undefined) {
      error = new SluiceError(this.#code, `${place} needs ${this.#needs(rule)}`);
      this.#errors.set(place, error);
    }
    return error;
  }

  /** What is lacking, each thing once. */
  #needs(rule: Rule): string {
    const lacking = rule
      .filter((clause) => !isMet([clause], this.met))
      .map((clause) => clause.map((all) => this.#describe(all)).join(' or '));
    return [...new Set(lacking)].join(' and ');
  }

  #describe(indexes: readonly number[]): string {
    return indexes
      .filter((index) => this.met[index] !== true)
      .flatMap((index) => this.tables.requirements[index] ?? [])
      .map(describeRequirement)
      .join(' and ');
  }
}

function unmet(rules: ReadonlyMap<string, Rule>, met: readonly boolean[]): readonly string[] {
  return [...rules].filter(([, rule]) => !isMet(rule, met)).map(([name]) => name);
}

function unmetByName(rules: RulesByName, met: readonly boolean[]): ReadonlyMap<string, ReadonlySet<string>> {
  const forbidden = [...rules].map(([name, inner]) => [name, new Set(unmet(inner, met))] as const);
  return new Map(forbidden.filter(([, names]) => names.size > 0));
}
