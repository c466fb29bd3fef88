import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  print,
  visit,
} from 'graphql';
import type { SdlSource } from '../../../src/binding/sdl/sdl-source.js';

/** Directives by type or by `Type.field`. */
export type Protections = Readonly<Record<string, string>>;

/** SDL with further directives. @throws Error where one of them found no place in any of the sources */
export function protectSdl(sources: readonly SdlSource[], protections: Protections): readonly SdlSource[] {
  const left = new Set(Object.keys(protections));
  const read = (coordinate: string): readonly ConstDirectiveNode[] => {
    const text = protections[coordinate];
    if (text === undefined) return [];
    left.delete(coordinate);
    const [definition] = parse(`type X ${text}`).definitions;
    return (definition as ObjectTypeDefinitionNode).directives ?? [];
  };
  const protectFields = <
    Node extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | ObjectTypeExtensionNode,
  >(
    node: Node,
  ): Node => ({
    ...node,
    directives: [
      ...(node.directives ?? []),
      ...(node.kind === Kind.OBJECT_TYPE_EXTENSION ? [] : read(node.name.value)),
    ],
    fields: node.fields?.map(
      (field): FieldDefinitionNode => ({
        ...field,
        directives: [...(field.directives ?? []), ...read(`${node.name.value}.${field.name.value}`)],
      }),
    ),
  });
  const texts = sources.map(({ path, text }) => ({
    path,
    text: print(
      visit(parse(text), {
        ObjectTypeDefinition: protectFields,
        InterfaceTypeDefinition: protectFields,
        ObjectTypeExtension: protectFields,
      }),
    ),
  }));
  if (left.size > 0) throw new Error(`The SDL has no ${[...left].join(', ')}`);
  return texts;
}
