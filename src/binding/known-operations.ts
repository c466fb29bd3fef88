import type { DocumentNode } from 'graphql';

/** What is known of operations: read once each, for as long as their documents live. */
export class KnownOperations<Known> {
  readonly #documents = new WeakMap<DocumentNode, Map<string, Known>>();

  /** @param read null where the document has no operation of the name */
  constructor(
    private readonly read: (document: DocumentNode, operationName: string | null) => Known | null,
  ) {}

  /** Null where the document has no operation of the name. */
  find(document: DocumentNode, operationName: string | null): Known | null {
    let operations = this.#documents.get(document);
    if (operations === undefined) {
      operations = new Map();
      this.#documents.set(document, operations);
    }
    const name = operationName ?? '';
    const found = operations.get(name);
    if (found !== undefined) return found;
    const known = this.read(document, operationName);
    // Names that the document doesn't have are any number: they are not kept.
    if (known !== null) operations.set(name, known);
    return known;
  }
}
