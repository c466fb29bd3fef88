import { quoteLiteral } from '../../model/sql/literals.js';
import type { Ask } from '../drain/outbox.js';
import { collapseTag } from '../tags/tag-grammar.js';

/** Has the next drain tell everybody that anything of these models may have changed. */
export async function voidModels(ask: Ask, models: readonly string[]): Promise<void> {
  const tags = models.map((model) => quoteLiteral(collapseTag(model)));
  await ask(`INSERT INTO sluice.outbox (tags) VALUES (ARRAY[${tags.join(', ')}]::text[])`);
}
