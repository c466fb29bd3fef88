/** A page as a connection type shows it. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Called only where `totalCount` is selected. */
  readonly totalCount: () => Promise<number>;
}

/** What a page was made of. */
export interface PageParts<Node> {
  /** In reading order, whichever way they were read. */
  readonly nodes: readonly Node[];
  readonly cursorOf: (node: Node) => string;
  readonly isBackward: boolean;
  /** Whether there was a row beyond the page, in the direction of reading. */
  readonly hasMore: boolean;
  readonly hasAfter: boolean;
  readonly hasBefore: boolean;
  readonly totalCount: () => Promise<number>;
}

/**
 * Shapes a page. What lies on the side that was not read is taken from the cursor given: the row that it came from
 * was there when it was handed out, and asking again would cost a second statement for every page.
 */
export function createConnection<Node>(parts: PageParts<Node>): Connection<Node> {
  const edges = parts.nodes.map((node) => ({ cursor: parts.cursorOf(node), node }));
  return {
    edges,
    nodes: parts.nodes,
    pageInfo: {
      hasNextPage: parts.isBackward ? parts.hasBefore : parts.hasMore,
      hasPreviousPage: parts.isBackward ? parts.hasMore : parts.hasAfter,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: parts.totalCount,
  };
}
