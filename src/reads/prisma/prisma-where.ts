import { DbNull } from '@prisma/client/runtime/client';
import { badUserInput } from '../../kernel/sluice-error.js';
import type { Column, Model } from '../../model/model-graph.js';
import { quoteIdentifier } from '../../model/sql/identifiers.js';
import type { Condition } from '../condition.js';
import { NUL_FAULT } from '../value-fault.js';
import { compareWhere, inWhere } from './compare-where.js';
import { isNotTrue, pushNotInward } from './condition-normal-form.js';
import { getColumn, getModel, getRelation } from './model-parts.js';
import type { PrismaSource, PrismaWhere } from './prisma-client-port.js';
import { rawWhere } from './raw-where.js';
import { EVERY, everyOf, NONE, someOf } from './where-logic.js';

type Leaf<Kind extends Condition['kind']> = Extract<Condition, { kind: Kind }>;

/**
 * A condition as Prisma's `where`. A comparison that Prisma can't make, or would make with another value, is
 * made by a statement of its own beforehand, whose keys stand in the `where` instead.
 */
export function toPrismaWhere(
  source: PrismaSource,
  model: Model,
  condition: Condition,
): Promise<PrismaWhere> {
  return translate(source, model, pushNotInward(condition));
}

async function translate(source: PrismaSource, model: Model, condition: Condition): Promise<PrismaWhere> {
  switch (condition.kind) {
    case 'all':
      return everyOf(await Promise.all(condition.of.map((part) => translate(source, model, part))));
    case 'any':
      return someOf(await Promise.all(condition.of.map((part) => translate(source, model, part))));
    case 'not':
      // Pushed inward, so a text leaf; anything else went another way.
      if (condition.of.kind !== 'text') return translate(source, model, pushNotInward(condition));
      return textWhere(source, model, condition.of, 'NOT');
    case 'compare':
      return compareWhere(source, model, condition);
    case 'in':
      return inWhere(source, model, condition);
    case 'text':
      return textWhere(source, model, condition, '');
    case 'null':
      return nullWhere(getColumn(model, condition.column), condition.negated);
    case 'related':
      return relatedWhere(source, model, condition);
  }
}

async function textWhere(
  source: PrismaSource,
  model: Model,
  leaf: Leaf<'text'>,
  negation: '' | 'NOT',
): Promise<PrismaWhere> {
  const column = getColumn(model, leaf.column);
  if (leaf.value.includes('\0')) throw badUserInput([column.name], NUL_FAULT);
  const pattern = leaf.value.replaceAll(/[\\%_]/g, '\\$&');
  const isPadded = column.pgType === 'bpchar';
  if (column.type === 'String' && !column.isList && !isPadded && column.pgType !== 'uuid') {
    // Prisma hands the text to LIKE as it is.
    const matches = { [column.name]: { [leaf.op]: pattern } };
    return negation === 'NOT' ? { NOT: matches } : matches;
  }
  // Prisma casts to text, which drops the spaces that a char(n) is read with.
  const reference = `t.${quoteIdentifier(column.dbName)}${isPadded ? '' : '::text'}`;
  return rawWhere(source, model, {
    sql: `${negation} (${reference} LIKE $1::text)`,
    values: [leaf.op === 'contains' ? `%${pattern}%` : `${pattern}%`],
  });
}

function nullWhere(column: Column, negated: boolean): PrismaWhere {
  if (column.isList) {
    const isNull = { [column.name]: { equals: null } };
    return negated ? { NOT: isNull } : isNull;
  }
  // Prisma refuses to compare a required column with null.
  if (!column.isNullable) return negated ? EVERY : NONE;
  const nothing = column.type === 'Json' ? DbNull : null;
  return { [column.name]: negated ? { not: nothing } : { equals: nothing } };
}

async function relatedWhere(source: PrismaSource, model: Model, leaf: Leaf<'related'>): Promise<PrismaWhere> {
  const relation = getRelation(model, leaf.relation);
  const target = getModel(source.graph, relation.target);
  const isSome = leaf.quantifier === 'some';
  if (relation.cardinality === 'many') {
    const where = await translate(source, target, leaf.where);
    if (where === NONE) return isSome ? NONE : EVERY;
    return { [relation.name]: { [leaf.quantifier]: where } };
  }
  const meets = (where: PrismaWhere): PrismaWhere =>
    where === NONE ? NONE : { [relation.name]: { is: where } };
  if (isSome) return meets(await translate(source, target, leaf.where));
  // Prisma joins a to-one relation, so its `isNot` of unknown is unknown; none is to be true then.
  const notMet = meets(await translate(source, target, isNotTrue(leaf.where)));
  return someOf([{ NOT: { [relation.name]: { is: EVERY } } }, notMet]);
}
