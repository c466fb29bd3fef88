import type { IncomingHttpHeaders } from 'node:http';
import { type VaryDefinition, VIEWER_VARY } from '../../cache/policy/vary-definition.js';
import { SluiceError } from '../../kernel/sluice-error.js';

const NAME = /^[A-Z][A-Z0-9_]{0,39}$/;
const MAX_CHARACTERS = 200;

/** What an app registered for answers to differ by. */
export class Variations {
  readonly #definitions: ReadonlyMap<string, VaryDefinition>;
  /** Of all of them, each once. */
  readonly headers: readonly string[];

  /** @throws SluiceError `CONFIG_INVALID` for names that can't be */
  constructor(definitions: readonly VaryDefinition[]) {
    const faults = definitions.flatMap(({ name }, index) => [
      ...(NAME.test(name) && !VIEWER_VARY.has(name) ? [] : [`"${name}" is no name to vary by: ${NAME}`]),
      ...(definitions.findIndex((other) => other.name === name) === index ? [] : [`${name} is there twice`]),
    ]);
    if (faults.length > 0) {
      throw new SluiceError('CONFIG_INVALID', `What the app varies by has faults: ${faults.join('; ')}`);
    }
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.headers = [
      ...new Set(definitions.flatMap(({ headers }) => headers.map((name) => name.toLowerCase()))),
    ];
  }

  /** Of one request. */
  of(headers: IncomingHttpHeaders): Variation {
    return new Variation(this.#definitions, headers);
  }
}

/** What one request says of all that answers may differ by; looked at once somebody asks. */
export class Variation {
  readonly #definitions: ReadonlyMap<string, VaryDefinition>;
  readonly #headers: IncomingHttpHeaders;
  #values: Map<string, string> | null = null;

  constructor(definitions: ReadonlyMap<string, VaryDefinition>, headers: IncomingHttpHeaders) {
    this.#definitions = definitions;
    this.#headers = headers;
  }

  /** @throws TypeError for a name that nobody registered, and for a value that can't be one */
  find(name: string): string {
    const known = this.#values?.get(name);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(name);
    if (definition === undefined) throw new TypeError(`Nobody registered ${name} as something to vary by.`);
    const value: unknown = definition.read(this.#headers);
    if (typeof value !== 'string' || value.length > MAX_CHARACTERS) {
      throw new TypeError(`${name} is to be a text of at most ${MAX_CHARACTERS} characters.`);
    }
    this.#values ??= new Map();
    this.#values.set(name, value);
    return value;
  }
}
