import { type ASTNode, type ConstDirectiveNode, valueFromASTUntyped } from 'graphql';

/** An SDL element together with its extensions: directives may stand on any of them. */
export interface DirectiveCarrier {
  readonly astNode?: (ASTNode & { readonly directives?: readonly ConstDirectiveNode[] }) | null;
  readonly extensionASTNodes?: readonly (ASTNode & { readonly directives?: readonly ConstDirectiveNode[] })[];
}

/** The arguments given to a directive as plain values, or null where the element doesn't carry it. */
export function findDirective(
  element: DirectiveCarrier,
  name: string,
): Readonly<Record<string, unknown>> | null {
  const node = findDirectiveNode(element, name);
  if (node === null) return null;
  return Object.fromEntries(
    (node.arguments ?? []).map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]),
  );
}

/** The directive's own node, to point a fault at. */
export function findDirectiveNode(element: DirectiveCarrier, name: string): ConstDirectiveNode | null {
  const nodes = [...(element.astNode ? [element.astNode] : []), ...(element.extensionASTNodes ?? [])];
  for (const node of nodes) {
    const found = node.directives?.find((directive) => directive.name.value === name);
    if (found !== undefined) return found;
  }
  return null;
}

/** The `name` argument of a directive, or null. */
export function findDirectiveName(element: DirectiveCarrier, directive: string): string | null {
  const name = findDirective(element, directive)?.name;
  return typeof name === 'string' ? name : null;
}
