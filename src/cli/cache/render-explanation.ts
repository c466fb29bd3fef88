import type { ExplainedField, Explanation, WholeExplanation } from '../../gateway/caching/explanation.js';
import type { Colors } from '../terminal.js';

/** More tags than these are only counted. */
const MAX_TAGS = 12;

/** What the cache had to do with an answer, as a tree of its fields. */
export function renderExplanation(told: WholeExplanation, colors: Colors): string {
  const tree = told.fields.length === 0 ? [] : ['', ...renderFields(told.fields, colors)];
  const pieces = Object.entries(told.pieces).flatMap(([name, piece]) => [
    '',
    ...renderAnswer(name, piece, colors),
  ]);
  return [...renderAnswer('the answer', told, colors), ...tree, ...pieces].join('\n');
}

function renderAnswer(name: string, told: Explanation, { bold, dim }: Colors): string[] {
  const { policy, tags } = told;
  const life =
    policy === null
      ? []
      : [
          `  life      ${policy.maxAgeSeconds} s, ${policy.scope}, in ${policy.cache}${policy.vary.length === 0 ? '' : `, by ${policy.vary.join(', ')}`}`,
          ...(policy.decidedBy.maxAge === null ? [] : [`  decided   by ${policy.decidedBy.maxAge}`]),
          ...(policy.decidedBy.scope === null ? [] : [`  private   by ${policy.decidedBy.scope}`]),
        ];
  return [
    `${bold(name)}  ${told.outcome}${told.tier === null ? '' : ` in ${told.tier}`}`,
    ...(told.why === null ? [] : [`  because   ${told.why}`]),
    ...(told.voidedBy === null ? [] : [`  voided    by ${told.voidedBy}`]),
    ...(told.refused === null ? [] : [`  not kept  ${told.refused}`]),
    ...(told.ageSeconds === null ? [] : [`  age       ${told.ageSeconds} s, ${told.ttlSeconds} s left`]),
    ...(told.agrees === false ? ['  differs   from what was computed just now'] : []),
    ...life,
    ...(tags === null ? [] : [`  tags      ${dim(listTags(tags))}`]),
  ];
}

function listTags(tags: readonly string[]): string {
  const shown = tags.slice(0, MAX_TAGS).join(' ');
  return tags.length > MAX_TAGS ? `${shown} … ${tags.length - MAX_TAGS} more` : shown;
}

function renderFields(fields: readonly ExplainedField[], colors: Colors): string[] {
  const width = Math.max(...fields.map(({ path }) => (path.length - 1) * 3 + (path.at(-1)?.length ?? 0)));
  return fields.map((field, index) => {
    const head = `${indent(fields, index)}${field.path.at(-1)}`.padEnd(width + 3);
    const life = field.maxAgeSeconds === null ? colors.dim('as above') : `${field.maxAgeSeconds} s`;
    const notes = [
      ...(field.isPrivate ? ['private'] : []),
      ...(field.decides ? [colors.bold('← decides')] : []),
      ...(field.path.length === 1 ? [field.outcome] : []),
    ];
    return [head, life, ...notes].join('  ').trimEnd();
  });
}

/** The branches that lead to a field. */
function indent(fields: readonly ExplainedField[], index: number): string {
  const path = fields[index]?.path ?? [];
  return path
    .map((_, depth) => {
      const isLast = !hasSibling(fields, index, path.slice(0, depth + 1));
      if (depth === path.length - 1) return depth === 0 ? '' : isLast ? '└─ ' : '├─ ';
      return depth === 0 ? '' : isLast ? '   ' : '│  ';
    })
    .join('');
}

/** Whether another field follows beside the one that the path leads to. */
function hasSibling(fields: readonly ExplainedField[], index: number, path: readonly string[]): boolean {
  const parent = path.slice(0, -1);
  for (const { path: other } of fields.slice(index + 1)) {
    if (!parent.every((name, depth) => other[depth] === name)) return false;
    if (other.length === path.length && other.at(-1) !== path.at(-1)) return true;
  }
  return false;
}
