import type { CaptureDemand, ModelDemand } from '../changes/capture/capture-demand.js';
import type { CaptureSpec } from '../changes/capture/capture-spec.js';
import { anyTag, columnTag, membershipTag } from '../changes/tags/tag-grammar.js';
import { didYouMean } from '../kernel/suggestion.js';
import type { ModelGraph } from '../model/model-graph.js';
import type { JobDefinition } from './job-definition.js';

/** What a job's own SQL reads: a model, or one of its columns. */
interface JobRead {
  readonly model: string;
  readonly column: string | null;
}

function parseRead(text: string): JobRead {
  const [model = '', column = null] = text.split('.');
  return { model, column };
}

/** Faults of what definitions say that they read. */
export function findReadFaults(definitions: readonly JobDefinition[], graph: ModelGraph): readonly string[] {
  return definitions.flatMap(({ name, reads = [] }) =>
    reads.flatMap((text) => {
      const { model, column } = parseRead(text);
      const found = graph.models.get(model);
      if (found === undefined)
        return [
          `the job "${name}" reads ${model}, which is no model${didYouMean(model, graph.models.keys())}`,
        ];
      if (column === null || found.columns.has(column)) return [];
      return [
        `the job "${name}" reads ${text}, which is no column of ${model}${didYouMean(column, found.columns.keys())}`,
      ];
    }),
  );
}

/** The demand with that of jobs, so that changes of columns that they read are told. */
export function addJobDemand(demand: CaptureDemand, definitions: readonly JobDefinition[]): CaptureDemand {
  const all = new Map<string, ModelDemand>(demand);
  for (const { reads = [] } of definitions) {
    for (const { model, column } of reads.map(parseRead)) {
      const known = all.get(model) ?? { slices: [], columns: [] };
      if (column === null || known.columns.includes(column)) continue;
      all.set(model, { ...known, columns: [...known.columns, column] });
    }
  }
  return all;
}

/** What the result of a job depends on by its own word. A column that changes aren't told of stands for its model. */
export function tagJobReads(
  reads: readonly string[],
  specs: ReadonlyMap<string, CaptureSpec>,
): { readonly tags: readonly string[]; readonly models: readonly string[] } {
  const parsed = reads.map(parseRead);
  return {
    tags: parsed.flatMap(({ model, column }) => {
      const isTold =
        column !== null && specs.get(model)?.columns.some(({ name }) => name === column) === true;
      return isTold ? [columnTag(model, column), membershipTag(model)] : [anyTag(model)];
    }),
    models: [...new Set(parsed.map(({ model }) => model))],
  };
}
