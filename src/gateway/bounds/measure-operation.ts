import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How large an operation is, fragments unfolded wherever they are spread. */
export interface OperationMeasure {
  /** Levels of fields. Introspection is not counted: its tools nest deeply, and a schema is finite. */
  readonly depth: number;
  /** Fields under another key than their name. */
  readonly aliases: number;
  /** Fields and fragments. */
  readonly selections: number;
  /** Different response keys of the operation itself. */
  readonly rootFields: number;
}

type Part = Omit<OperationMeasure, 'rootFields'>;

const NOTHING: Part = { depth: 0, aliases: 0, selections: 0 };

/**
 * Measures operations of one document. A fragment is measured once, however often it is spread, so that what unfolds to
 * billions of selections costs no more than its own text.
 */
export class OperationMeasuring {
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<string, Part>();

  /** A document that need not be valid. */
  constructor(document: DocumentNode) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  measure(operation: OperationDefinitionNode): OperationMeasure {
    const keys = new Set<string>();
    this.#collectKeys(operation.selectionSet, keys, new Set());
    return { ...this.#measure(operation.selectionSet), rootFields: keys.size };
  }

  #measure(selectionSet: SelectionSetNode): Part {
    let { depth, aliases, selections } = NOTHING;
    for (const selection of selectionSet.selections) {
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#measureFragment(selection.name.value)
          : selection.selectionSet === undefined
            ? NOTHING
            : this.#measure(selection.selectionSet);
      const isField = selection.kind === Kind.FIELD;
      const isIntrospection = isField && selection.name.value.startsWith('__');
      depth = Math.max(depth, isIntrospection ? 0 : below.depth + (isField ? 1 : 0));
      aliases += below.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      selections += below.selections + 1;
    }
    return { depth, aliases, selections };
  }

  #measureFragment(name: string): Part {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    // Before descending, so that a cycle, which another rule reports, ends here.
    this.#known.set(name, NOTHING);
    const fragment = this.#fragments.get(name);
    const part = fragment === undefined ? NOTHING : this.#measure(fragment.selectionSet);
    this.#known.set(name, part);
    return part;
  }

  #collectKeys({ selections }: SelectionSetNode, keys: Set<string>, visited: Set<string>): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        keys.add(selection.alias?.value ?? selection.name.value);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.#collectKeys(selection.selectionSet, keys, visited);
        continue;
      }
      const fragment = this.#fragments.get(selection.name.value);
      if (fragment === undefined || visited.has(fragment.name.value)) continue;
      visited.add(fragment.name.value);
      this.#collectKeys(fragment.selectionSet, keys, visited);
    }
  }
}
