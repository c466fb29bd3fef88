import { type ASTNode, type GraphQLError, getLocation } from 'graphql';
import { SluiceError } from '../../kernel/sluice-error.js';

/** One thing that is wrong with the SDL or with what stands behind it. Lines and columns count from 1. */
export interface SchemaFault {
  readonly message: string;
  /** The SDL file, or null where the fault lies in code (a resolver for a field that does not exist). */
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** All faults of a schema at once, so that one start shows everything there is to mend. */
export class SchemaFaults extends SluiceError {
  constructor(readonly faults: readonly SchemaFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super('SCHEMA_INVALID', [`${count} in the schema:`, ...faults.map(formatFault)].join('\n'), {
      hint: 'Mend these in the SDL, in the Prisma schema or in the resolvers, then run `npm run sluice -- check`.',
    });
  }
}

/** `schema/app/animal.graphql:12:3 message`. */
export function formatFault(fault: SchemaFault): string {
  return fault.path === null
    ? `  ${fault.message}`
    : `  ${fault.path}:${fault.line}:${fault.column} ${fault.message}`;
}

/** Collects faults while a schema is bound; `throwIfAny` ends the collecting. */
export class SchemaFaultList {
  readonly #faults: SchemaFault[] = [];

  /** `node` is where the reader should look; null where no SDL stands behind the fault. */
  add(node: ASTNode | null | undefined, message: string): void {
    const place = node?.loc;
    if (place === undefined) {
      this.#push({ message, path: null, line: null, column: null });
      return;
    }
    const { line, column } = getLocation(place.source, place.start);
    this.#push({ message, path: place.source.name, line, column });
  }

  addGraphQLError(error: GraphQLError): void {
    const node = error.nodes?.[0];
    if (node !== undefined) {
      this.add(node, error.message);
      return;
    }
    const location = error.locations?.[0];
    this.#push({
      message: error.message,
      path: error.source?.name ?? null,
      line: location?.line ?? null,
      column: location?.column ?? null,
    });
  }

  throwIfAny(): void {
    if (this.#faults.length === 0) return;
    const inReadingOrder = [...this.#faults].sort(
      (a, b) =>
        (a.path ?? '').localeCompare(b.path ?? '') ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    );
    throw new SchemaFaults(inReadingOrder);
  }

  #push(fault: SchemaFault): void {
    const isKnown = this.#faults.some(
      (known) =>
        known.message === fault.message &&
        known.path === fault.path &&
        known.line === fault.line &&
        known.column === fault.column,
    );
    if (!isKnown) this.#faults.push(fault);
  }
}
