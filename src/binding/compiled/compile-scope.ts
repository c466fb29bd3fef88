import type { SelectionScope } from '../execution/selected-fields.js';
import type { PageLimits } from '../resolvers.js';
import type { CodeSize } from './code-size.js';

/** What compiling a selection needs around it. */
export interface CompileScope {
  readonly selection: SelectionScope;
  readonly limits: PageLimits;
  readonly size: CodeSize;
}
