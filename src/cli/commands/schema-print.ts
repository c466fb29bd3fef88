import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type GraphQLSchema, lexicographicSortSchema, printSchema as printSdl } from 'graphql';
import type { CommandContext } from '../command-context.js';
import { bindProject, loadProject } from '../load-project.js';

/** Writes the schema that clients see to a file, or prints it. */
export async function printSchema(context: CommandContext, file: string | null): Promise<void> {
  const loaded = await loadProject(context.findProject());
  const sdl = renderSchema(bindProject(loaded, context.readConfig().reads).schema);
  if (file === null) {
    context.terminal.out(sdl.trimEnd());
    return;
  }
  await writeFile(resolve(context.root, file), sdl);
  context.terminal.note(`${context.terminal.colors.green('✓')} ${file}`);
}

/** Sorted, so that moving a definition from one file to another changes nothing. */
export function renderSchema(schema: GraphQLSchema): string {
  return `${printSdl(lexicographicSortSchema(schema))}\n`;
}
