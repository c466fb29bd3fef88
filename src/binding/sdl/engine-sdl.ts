import { readdirSync, readFileSync } from 'node:fs';
import { type DefinitionNode, type DocumentNode, Kind, visit } from 'graphql';
import { type EngineRoot, type RootNode, selectEngineFields } from './engine-fields.js';
import type { SdlSource } from './sdl-source.js';

const FOLDER = new URL('../../../schema/sluice/', import.meta.url);

/** The engine's own SDL: directives, scalars, Node, PageInfo, filter inputs, and what every app's roots have. */
export function loadEngineSdl(): readonly SdlSource[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ path: `schema/sluice/${name}`, text: readFileSync(new URL(name, FOLDER), 'utf8') }));
}

/** Names of fields, by the root that they are of. */
export type RootFields = { readonly [Root in EngineRoot]: ReadonlySet<string> };

/** What of the engine's SDL goes into an app's schema. */
export interface UsedDefinitions {
  readonly definitions: readonly DefinitionNode[];
  /** To follow the app's own definitions. */
  readonly extensions: readonly DefinitionNode[];
  /** Fields of roots that are the engine's. */
  readonly rootFields: RootFields;
}

/**
 * The engine's definitions that the app's SDL uses, directly or through each other, so that a schema shows its
 * clients nothing that it has no use for. Directives stay: validating the SDL needs them. So do the fields that every
 * app's roots have, except where something of the app has their names; `modelNames` are taken by the app as well.
 */
export function selectUsedDefinitions(
  engine: DocumentNode,
  app: DocumentNode,
  modelNames: ReadonlySet<string>,
): UsedDefinitions {
  const byName = new Map<string, DefinitionNode>();
  for (const definition of engine.definitions) {
    if (definition.kind === Kind.OBJECT_TYPE_EXTENSION) continue;
    if ('name' in definition && definition.name !== undefined) byName.set(definition.name.value, definition);
  }
  const used = new Set<DefinitionNode>(
    engine.definitions.filter((definition) => definition.kind === Kind.DIRECTIVE_DEFINITION),
  );
  const byRoot = selectEngineFields(engine, app, modelNames);
  const extensions = [...byRoot.values()];
  const pending: (DefinitionNode | DocumentNode)[] = [app, ...extensions, ...used];
  // What is asked for by an interface may be any of the engine's types that implement it.
  const membersOf = (name: string) =>
    engine.definitions.filter(
      (definition) =>
        definition.kind === Kind.OBJECT_TYPE_DEFINITION &&
        definition.interfaces?.some((each) => each.name.value === name),
    );
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next, {
      NamedType(node) {
        const definition = byName.get(node.name.value);
        if (definition === undefined || used.has(definition)) return;
        const of = definition.kind === Kind.INTERFACE_TYPE_DEFINITION ? membersOf(node.name.value) : [];
        for (const each of [definition, ...of]) {
          used.add(each);
          pending.push(each);
        }
      },
    });
  }
  return {
    definitions: engine.definitions.filter((definition) => used.has(definition)),
    extensions,
    rootFields: {
      Query: namesOf(byRoot.get('Query')),
      Mutation: namesOf(byRoot.get('Mutation')),
      Subscription: namesOf(byRoot.get('Subscription')),
    },
  };
}

function namesOf(extension: RootNode | undefined): ReadonlySet<string> {
  return new Set(extension?.fields?.map((field) => field.name.value));
}
