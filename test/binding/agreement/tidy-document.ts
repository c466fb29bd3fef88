import { type DocumentNode, Kind, visit } from 'graphql';

/** The document without fragments and variables that nothing in it uses, which validation refuses. */
export function tidyDocument(document: DocumentNode): DocumentNode {
  const spreads = new Set<string>();
  const variables = new Set<string>();
  visit(document, {
    FragmentSpread(node) {
      spreads.add(node.name.value);
    },
    VariableDefinition: () => false,
    Variable(node) {
      variables.add(node.name.value);
    },
  });
  const definitions = document.definitions
    .filter((node) => node.kind !== Kind.FRAGMENT_DEFINITION || spreads.has(node.name.value))
    .map((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? {
            ...node,
            variableDefinitions: (node.variableDefinitions ?? []).filter(({ variable }) =>
              variables.has(variable.name.value),
            ),
          }
        : node,
    );
  const tidy = { ...document, definitions };
  // A fragment that went may have held the last use of another.
  return definitions.length < document.definitions.length ? tidyDocument(tidy) : tidy;
}
