import {
  type ASTVisitor,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/**
 * A validation rule that refuses operations whose fields nest deeper than `maxDepth` levels, fragments
 * unfolded. Introspection is not counted: its tools nest deeply, and a schema is finite.
 */
export function createDepthLimitRule(maxDepth: number): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    const fragmentDepths = new Map<string, number>();

    function measureFragment(name: string): number {
      const known = fragmentDepths.get(name);
      if (known !== undefined) return known;
      // Before descending, so that a cycle, which another rule reports, ends here.
      fragmentDepths.set(name, 0);
      const fragment: FragmentDefinitionNode | null | undefined = context.getFragment(name);
      const depth = fragment ? measure(fragment.selectionSet) : 0;
      fragmentDepths.set(name, depth);
      return depth;
    }

    function measure(selectionSet: SelectionSetNode): number {
      let deepest = 0;
      for (const selection of selectionSet.selections) {
        let depth = 0;
        if (selection.kind === Kind.FRAGMENT_SPREAD) depth = measureFragment(selection.name.value);
        else if (selection.kind === Kind.INLINE_FRAGMENT) depth = measure(selection.selectionSet);
        else if (!selection.name.value.startsWith('__')) {
          depth = 1 + (selection.selectionSet ? measure(selection.selectionSet) : 0);
        }
        deepest = Math.max(deepest, depth);
      }
      return deepest;
    }

    return {
      OperationDefinition(node) {
        const depth = measure(node.selectionSet);
        if (depth <= maxDepth) return;
        const name = node.name ? `Operation "${node.name.value}"` : 'The operation';
        context.reportError(
          new GraphQLError(`${name} nests ${depth} levels of fields; at most ${maxDepth} are allowed.`, {
            nodes: node,
          }),
        );
      },
    };
  };
}
