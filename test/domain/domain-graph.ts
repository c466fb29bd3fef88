import path from 'node:path';
import { loadModelGraph } from '../../src/model/load-model-graph.js';
import type { ModelGraph } from '../../src/model/model-graph.js';

/** The zoo's model graph, as `prisma generate` wrote it. */
export function domainGraph(): Promise<ModelGraph> {
  return loadModelGraph(path.join(import.meta.dirname, 'generated', 'model-graph.json'));
}
