import type { CommandContext } from '../command-context.js';
import { bindProject, loadProject } from '../load-project.js';

/** @throws SchemaFaults with everything that is wrong */
export async function check(context: CommandContext): Promise<void> {
  const project = context.findProject();
  const loaded = await loadProject(project);
  const { schema } = bindProject(loaded, context.readConfig().reads);
  const types = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__')).length;
  context.terminal.out(
    `${context.terminal.colors.green('✓')} schema/${project.appName} fits the model: ${types} types on ${loaded.graph.models.size} models`,
  );
}
