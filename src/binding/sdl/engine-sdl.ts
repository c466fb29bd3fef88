import { readdirSync, readFileSync } from 'node:fs';
import { type DefinitionNode, type DocumentNode, Kind, visit } from 'graphql';
import type { SdlSource } from './sdl-source.js';

const FOLDER = new URL('../../../schema/sluice/', import.meta.url);

/** The engine's own SDL: directives, scalars, Node, PageInfo, filter inputs. */
export function loadEngineSdl(): readonly SdlSource[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => ({ path: `schema/sluice/${name}`, text: readFileSync(new URL(name, FOLDER), 'utf8') }));
}

/**
 * The engine's definitions that the app's SDL uses, directly or through each other, so that a schema shows its
 * clients nothing that it has no use for. Directives stay: validating the SDL needs them.
 */
export function selectUsedDefinitions(engine: DocumentNode, app: DocumentNode): readonly DefinitionNode[] {
  const byName = new Map<string, DefinitionNode>();
  for (const definition of engine.definitions) {
    if ('name' in definition && definition.name !== undefined) byName.set(definition.name.value, definition);
  }
  const used = new Set<DefinitionNode>(
    engine.definitions.filter((definition) => definition.kind === Kind.DIRECTIVE_DEFINITION),
  );
  const pending: (DefinitionNode | DocumentNode)[] = [app, ...used];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next, {
      NamedType(node) {
        const definition = byName.get(node.name.value);
        if (definition === undefined || used.has(definition)) return;
        used.add(definition);
        pending.push(definition);
      },
    });
  }
  return engine.definitions.filter((definition) => used.has(definition));
}
