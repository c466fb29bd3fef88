import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { ReadTags } from './read-tags.js';
import { TagColumns } from './tag-columns.js';

/** All that tells what reads depend on. Made once for a graph and what is captured of it. */
export class ReadTagging {
  readonly columns: TagColumns;
  readonly tags: ReadTags;

  constructor(
    readonly graph: ModelGraph,
    specs: ReadonlyMap<string, CaptureSpec>,
  ) {
    this.columns = new TagColumns(graph, specs);
    this.tags = new ReadTags(graph, specs);
  }
}
