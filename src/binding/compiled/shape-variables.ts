import { type DocumentNode, Kind, visit } from 'graphql';

/**
 * Names of the variables on which not only values but the shape of what is read depends: those in @skip and @include,
 * and those in orders, whose columns are read for cursors.
 */
export function findShapeVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const note = {
    [Kind.VARIABLE](node: { readonly name: { readonly value: string } }) {
      names.add(node.name.value);
    },
  };
  visit(document, {
    Directive(node) {
      visit(node, note);
      return false;
    },
    Argument(node) {
      if (node.name.value === 'orderBy') visit(node, note);
      return undefined;
    },
    VariableDefinition: () => false,
  });
  return [...names].sort();
}
