/** A statement's text and its parameters as text, null for NULL. Equal shapes have equal texts. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/**
 * Gathers a statement's parameters while its text is put together, so that no value ever stands in the text:
 * ```ts
 * const parameters = new Parameters();
 * const text = `SELECT name FROM city WHERE id = ${parameters.add('7', 'int4')}`;
 * const statement: Statement = { text, values: parameters.values };
 * ```
 */
export class Parameters {
  readonly values: (string | null)[] = [];

  /**
   * Takes a value as text and gives back its place, cast to `type` (a type's SQL name, quoted where it must
   * be): PostgreSQL then doesn't guess. A place may stand in the text more than once.
   */
  add(value: string | null, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
