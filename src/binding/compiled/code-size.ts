import { Uncompilable } from './uncompilable.js';

/** Beyond it, making the code costs more than it spares. */
const MAX_FIELDS = 5_000;

/** Counts the fields of a variant while it is compiled, fragments unfolded. */
export class CodeSize {
  #fields = 0;

  get fields(): number {
    return this.#fields;
  }

  /** @throws Uncompilable where there are too many */
  add(fields: number): void {
    this.#fields += fields;
    if (this.#fields > MAX_FIELDS) throw new Uncompilable(`An operation of more than ${MAX_FIELDS} fields`);
  }
}
