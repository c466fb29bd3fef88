import { ALWAYS, type Condition, NEVER } from '../../../src/reads/condition.js';
import type { RowValue } from '../../../src/reads/row.js';
import { asc } from '../queries.js';
import { all, any, eq, isNull, not } from './conditions.js';
import { ALL_ANIMALS, EVEN, findColumn, LAST, ODD, type Subject } from './subject.js';

type Case = readonly [
  sentence: string,
  model: string,
  where: Condition,
  column: string,
  expected: readonly RowValue[],
];

function some(relation: string, where: Condition): Condition {
  return { kind: 'related', relation, quantifier: 'some', where };
}

function none(relation: string, where: Condition): Condition {
  return { kind: 'related', relation, quantifier: 'none', where };
}

function without(...left: string[]): string[] {
  return ALL_ANIMALS.filter((id) => !left.includes(id));
}

const SAVANNA = ['1', '2', '3'];

const CASES: readonly Case[] = [
  ['to one by a key on this side', 'Animal', some('taxon', eq('name', 'Tiger')), 'id', ['3', '4']],
  ['to one that may be missing', 'Animal', some('vet', isNull('email')), 'id', ['11']],
  ['to one at all', 'Animal', some('vet', ALWAYS), 'id', ['1', '2', '4', '5', '6', '7', '11']],
  ['to none at all', 'Animal', none('vet', ALWAYS), 'id', ['3', '8', '9', '10', '12', EVEN, ODD, LAST]],
  [
    'to none such, unknown being none, and so is nobody',
    'Animal',
    none('vet', eq('email', 'zoe@zoo.example')),
    'id',
    without('6', '7'),
  ],
  [
    'not to one such, which is the same',
    'Animal',
    not(some('vet', eq('email', 'zoe@zoo.example'))),
    'id',
    without('6', '7'),
  ],
  ['not to none such', 'Animal', not(none('vet', eq('id', 3))), 'id', ['1', '2']],
  [
    'to none whose text lacks a part, unknown being none',
    'Animal',
    none('vet', not({ kind: 'text', column: 'email', op: 'contains', value: 'zoe' })),
    'id',
    without('1', '2', '4', '5'),
  ],
  ['to one that never is', 'Animal', some('vet', NEVER), 'id', []],
  ['to none that never is', 'Animal', none('vet', NEVER), 'id', ALL_ANIMALS],
  [
    'to one of two relations between the same models',
    'Animal',
    some('carer', eq('id', 3)),
    'id',
    ['6', '7', '8'],
  ],
  ['to one by a composite key', 'Animal', some('enclosure', eq('title', 'Savanna')), 'id', SAVANNA],
  [
    'to none by a composite key',
    'Animal',
    none('enclosure', eq('title', 'Savanna')),
    'id',
    without(...SAVANNA),
  ],
  ['to one from the side without the key', 'Animal', some('passport', eq('country', 'A')), 'id', ['6']],
  [
    'to none from the side without the key',
    'Animal',
    none('passport', ALWAYS),
    'id',
    without('1', '2', '5', '6', ODD),
  ],
  [
    'to some of many',
    'Animal',
    some('feedings', { kind: 'compare', column: 'grams', op: 'gte', value: 7_000 }),
    'id',
    ['1', '3', '5'],
  ],
  [
    'to some many-to-many',
    'Animal',
    some('foods', { kind: 'compare', column: 'kcal', op: 'gt', value: 100 }),
    'id',
    ['1', '2', '3', '5', '6'],
  ],
  [
    'to none many-to-many, unknown being none',
    'Animal',
    none('foods', { kind: 'compare', column: 'kcal', op: 'lt', value: 60 }),
    'id',
    without('5', ODD),
  ],
  ['to some of its own kind, from A to B', 'Animal', some('friendOf', eq('name', 'Leo')), 'id', ['2']],
  ['to some of its own kind, from B to A', 'Animal', some('friends', eq('name', 'Leo')), 'id', ['2', '3']],
  ['to none of its own kind', 'Animal', none('friends', ALWAYS), 'id', without('1', '2', '3', '6', '7', ODD)],
  [
    'through two relations',
    'Animal',
    some('taxon', some('parent', eq('name', 'Cats'))),
    'id',
    ['1', '2', '3', '4'],
  ],
  [
    'to none through two relations',
    'Animal',
    none('taxon', some('parent', eq('name', 'Cats'))),
    'id',
    without('1', '2', '3', '4'),
  ],
  [
    'to none in one that has none',
    'Taxon',
    some('parent', none('parent', ALWAYS)),
    'name',
    ['Bears', 'Cats', 'Penguins'],
  ],
  ['up a tree to nothing', 'Taxon', none('parent', ALWAYS), 'name', ['Birds', 'Mammals', 'Unknown']],
  ['down a tree', 'Taxon', some('children', eq('rank', 'SPECIES')), 'name', ['Bears', 'Cats', 'Penguins']],
  [
    'down a tree to none, unknown being none',
    'Taxon',
    none('children', { kind: 'compare', column: 'latinName', op: 'ne', value: 'Felidae' }),
    'name',
    ['Gentoo', 'Lion', 'Penguins', 'Polar bear', 'Tiger', 'Unknown'],
  ],
  ['by a unique column that is no key', 'Keeper', some('shifts', eq('day', '2026-02-28')), 'id', [1]],
  ['to none by a unique column', 'Keeper', none('shifts', ALWAYS), 'id', [4, 5]],
  ['backwards over one of two relations', 'Keeper', some('caresFor', eq('isOnShow', false)), 'id', [2, 3]],
  ['backwards over the other', 'Keeper', some('treats', eq('isOnShow', false)), 'id', [1]],
  [
    'to a time of microseconds',
    'Keeper',
    some('shifts', { kind: 'compare', column: 'startsAt', op: 'gt', value: '2026-01-31T06:00:00.000002Z' }),
    'id',
    [1],
  ],
  [
    'to a time of microseconds from the other side',
    'Shift',
    some('keeper', some('shifts', eq('startsAt', '1969-12-31T23:59:59.999999Z'))),
    'opens',
    ['12:00:00'],
  ],
  [
    'to none of many by a composite key',
    'Enclosure',
    none('animals', ALWAYS),
    'title',
    ['Under construction'],
  ],
  [
    'to a view',
    'Enclosure',
    some('loads', { kind: 'compare', column: 'residents', op: 'gt', value: '1' }),
    'title',
    ['Aviary "Åsa"', 'Ice floe', 'Savanna'],
  ],
  ['from a view', 'EnclosureLoad', some('enclosure', eq('title', 'Night house')), 'heaviest', ['210.10']],
  [
    'from a view to none',
    'EnclosureLoad',
    none('enclosure', eq('zone', 'North')),
    'heaviest',
    ['210.10', '5.50'],
  ],
  [
    'between schemas',
    'Note',
    any(some('animal', eq('name', 'Leo')), some('keeper', ALWAYS)),
    'text',
    ['Eats well', 'On leave'],
  ],
  [
    'in several ways at once',
    'Animal',
    all(some('foods', eq('name', 'meat')), none('friends', eq('name', 'Leo')), some('carer', eq('id', 1))),
    'id',
    ['1'],
  ],
];

export function describeRelatedConditions(subject: Subject): void {
  describe('a condition on related rows', () => {
    it.each(CASES)('holds for rows that lead %s', async (_, model, where, column, expected) => {
      const found = await findColumn(subject, column, { model, where });
      expect(sorted(found)).toEqual(sorted(expected));
    });

    it('may stand in for an order as well', async () => {
      const where = some('taxon', eq('name', 'Gentoo'));
      await expect(
        findColumn(subject, 'name', { model: 'Animal', where, order: [asc('name')] }),
      ).resolves.toEqual(['Pinga', 'Pingu', 'pingu']);
    });
  });
}

function sorted(values: readonly RowValue[]): RowValue[] {
  return [...values].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
