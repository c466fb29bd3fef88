import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SluiceError } from '../kernel/sluice-error.js';
import { didYouMean } from '../kernel/suggestion.js';
import type { EnumType, Model, ModelGraph } from './model-graph.js';
import { FORMAT_VERSION, modelGraphFile } from './model-graph-file.js';

const REGENERATE = 'Run `npm run generate`, which calls `prisma generate`.';

/**
 * The model graph out of `model-graph.json`'s content.
 * @throws SluiceError `MODEL_GRAPH_INVALID` when another version of the generator wrote it, or it is broken
 */
export function parseModelGraph(json: unknown): ModelGraph {
  const written = z.object({ version: z.unknown() }).safeParse(json);
  if (written.success && written.data.version !== FORMAT_VERSION) {
    throw invalid(
      `the model graph has format ${JSON.stringify(written.data.version)}, and this version of Sluice reads format ${FORMAT_VERSION}`,
    );
  }
  const parsed = modelGraphFile.safeParse(json);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`,
    );
    throw invalid(`the model graph is not what the generator writes: ${faults.slice(0, 5).join('; ')}`);
  }
  const { hash, enums, models } = parsed.data;
  const graph: ModelGraph = {
    hash,
    enums: byName<EnumType>(enums),
    models: byName<Model>(
      models.map((model) => ({
        ...model,
        columns: byName(model.columns),
        relations: byName(model.relations),
      })),
    ),
  };
  const dangling = findDanglingNames(graph);
  if (dangling.length > 0) {
    throw invalid(`the model graph names what it doesn't have: ${dangling.slice(0, 5).join('; ')}`);
  }
  return graph;
}

/**
 * Reads and parses the file that `prisma generate` wrote.
 * @throws SluiceError `MODEL_GRAPH_INVALID` when it is missing or broken
 */
export async function loadModelGraph(path: string): Promise<ModelGraph> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isMissing =
      typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw invalid(
      isMissing ? `there is no model graph at ${path}` : `the model graph at ${path} can't be read`,
      error,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(`the model graph at ${path} is not JSON`, error);
  }
  return parseModelGraph(json);
}

function byName<Part extends { readonly name: string }>(parts: readonly Part[]): ReadonlyMap<string, Part> {
  return new Map(parts.map((part) => [part.name, part]));
}

/** Everything below the binding follows these names without looking back, so each must lead somewhere. */
function findDanglingNames(graph: ModelGraph): string[] {
  const faults: string[] = [];
  const requireColumns = (user: string, model: Model, columns: readonly string[]): void => {
    for (const name of columns) {
      if (model.columns.has(name)) continue;
      faults.push(`${user} names ${model.name}.${name}${didYouMean(name, model.columns.keys())}`);
    }
  };
  for (const model of graph.models.values()) {
    for (const unique of [model.primaryKey ?? [], ...model.uniques]) {
      requireColumns(`a key of ${model.name}`, model, unique);
    }
    for (const column of model.columns.values()) {
      const isEnum = column.type === 'Enum';
      const hasEnum = column.enumName !== null && graph.enums.has(column.enumName);
      if (isEnum !== hasEnum) faults.push(`${model.name}.${column.name} names the enum ${column.enumName}`);
    }
    for (const relation of model.relations.values()) {
      const user = `relation ${model.name}.${relation.name}`;
      const target = graph.models.get(relation.target);
      if (target === undefined) {
        faults.push(`${user} names ${relation.target}${didYouMean(relation.target, graph.models.keys())}`);
        continue;
      }
      requireColumns(user, model, relation.link.local);
      requireColumns(user, target, relation.link.foreign);
      if (relation.link.local.length !== relation.link.foreign.length) {
        faults.push(
          `${user} pairs ${relation.link.local.length} with ${relation.link.foreign.length} columns`,
        );
      }
    }
  }
  return faults;
}

function invalid(message: string, cause?: unknown): SluiceError {
  return new SluiceError('MODEL_GRAPH_INVALID', message, { hint: REGENERATE, cause });
}
