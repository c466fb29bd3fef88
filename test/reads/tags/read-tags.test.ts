import type { CaptureSpec } from '../../../src/changes/capture/capture-spec.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import type { Condition } from '../../../src/reads/condition.js';
import type { PlanReader } from '../../../src/reads/plan/read-plan.js';
import type { Row } from '../../../src/reads/row.js';
import type { OrderTerm, RelatedQuery, RowsQuery } from '../../../src/reads/row-reader.js';
import type { ReadDependences } from '../../../src/reads/tags/dependences.js';
import { ReadTags } from '../../../src/reads/tags/read-tags.js';
import { TagColumns } from '../../../src/reads/tags/tag-columns.js';
import { type CapturedZoo, openCapturedZoo } from '../../changes/capture/captured-zoo.js';
import { makePgReader } from '../pg/make-pg-reader.js';
import { relatedQuery, rowsQuery } from '../queries.js';

let zoo: CapturedZoo;
let graph: ModelGraph;
let specs: ReadonlyMap<string, CaptureSpec>;
let tags: ReadTags;
let columns: TagColumns;
beforeAll(async () => {
  const demand = new Map([
    ['Animal', { slices: [['mood'], ['taxonId', 'name']], columns: ['weightKg'] }],
    ['Keeper', { slices: [], columns: ['name'] }],
  ]);
  zoo = await openCapturedZoo({ demand });
  ({ graph } = zoo);
  specs = zoo.plan.specs;
  tags = new ReadTags(graph, specs);
  columns = new TagColumns(graph, specs);
});
afterAll(() => zoo.close());

const eq = (column: string, value: string | number): Condition => ({
  kind: 'compare',
  column,
  op: 'eq',
  value,
});
const asc = (column: string): OrderTerm => ({ column, direction: 'asc', nulls: 'last' });
const animals = (query: Partial<RowsQuery>) => columns.addToQuery(rowsQuery({ model: 'Animal', ...query }));
const sorted = ({ tags: list }: ReadDependences) => [...list].sort();
const ofRows = (query: Partial<RowsQuery>, rows: readonly Row[] = []) =>
  sorted(tags.ofRows(animals(query), rows));

describe('a list', () => {
  it('depends on its rows, and on the coming and going of rows', () => {
    expect(ofRows({}, [{ id: '7' }, { id: '9007199254740993' }])).toEqual([
      'Animal+',
      'Animal:7',
      'Animal:9007199254740993',
    ]);
    expect(ofRows({})).toEqual(['Animal+']);
  });

  it('depends on a slice alone where its filter names one, the one with the most columns', () => {
    expect(ofRows({ where: eq('taxonId', 5) })).toEqual(['Animal+taxonId=5']);
    expect(ofRows({ where: { kind: 'all', of: [eq('taxonId', 5), eq('name', 'Leo')] } })).toEqual([
      'Animal+name,taxonId=Leo,5',
    ]);
    expect(ofRows({ where: eq('mood', 'IN_A_HUFF') })).toEqual(['Animal+mood=in a huff']);
    const either: Condition = { kind: 'in', column: 'taxonId', values: [5, 6, 5], negated: false };
    expect(ofRows({ where: either })).toEqual(['Animal+taxonId=5', 'Animal+taxonId=6']);
  });

  it('depends on the columns that it is filtered by beyond the slice', () => {
    const heavy: Condition = { kind: 'compare', column: 'weightKg', op: 'gt', value: '5' };
    expect(ofRows({ where: heavy })).toEqual(['Animal+', 'Animal.weightKg']);
    expect(ofRows({ where: { kind: 'all', of: [eq('taxonId', 5), heavy] } })).toEqual([
      'Animal+taxonId=5',
      'Animal.weightKg+taxonId=5',
    ]);
    expect(ofRows({ where: { kind: 'any', of: [eq('taxonId', 5), heavy] } })).toEqual([
      'Animal+',
      'Animal.taxonId',
      'Animal.weightKg',
    ]);
  });

  it('depends on its order only where it is cut', () => {
    const order = [asc('weightKg'), asc('id')];
    expect(ofRows({ order, limit: 2 }, [{ id: '1' }])).toEqual(['Animal+', 'Animal:1']);
    expect(ofRows({ order, limit: 1 }, [{ id: '1' }])).toEqual(['Animal+', 'Animal.weightKg', 'Animal:1']);
    expect(ofRows({ order, offset: 1 })).toEqual(['Animal+', 'Animal.weightKg']);
    expect(ofRows({ order, after: ['5', '1'] })).toEqual(['Animal+', 'Animal.weightKg']);
  });

  it('depends on anything about the rows where its filter or its columns leave no other way', () => {
    expect(ofRows({ where: { kind: 'null', column: 'bornAt', negated: true } })).toEqual(['Animal~']);
    const untold = { ...rowsQuery({ model: 'Animal' }) } as Parameters<ReadTags['ofRows']>[0];
    expect(sorted(tags.ofRows(untold, [{ name: 'Leo' }]))).toEqual(['Animal~']);
  });

  it('depends on single rows where its filter names keys, whether they are there or not', () => {
    expect(ofRows({ where: eq('id', '+007') })).toEqual(['Animal:7']);
    expect(ofRows({ where: { kind: 'in', column: 'id', values: [], negated: false } })).toEqual([]);
  });

  it('takes the whole where too many combinations are asked for, or a value that has no text', () => {
    const many = (column: string, of: (n: number) => string | number): Condition => ({
      kind: 'in',
      column,
      values: Array.from({ length: 20 }, (_, n) => of(n)),
      negated: false,
    });
    const both: Condition = { kind: 'all', of: [many('taxonId', (n) => n), many('name', String)] };
    expect(ofRows({ where: both })).toHaveLength(2 * 20);
    expect(ofRows({ where: eq('taxonId', 1.5) })).toEqual(['Animal+', 'Animal.taxonId']);
  });
});

describe('a look-up by keys', () => {
  it('depends on the rows that were asked for, also where there are none', () => {
    const query = columns.addToQuery({
      model: 'Animal',
      columns: [],
      keyColumns: ['id'],
      keys: [['1'], ['999']],
      where: eq('taxonId', 5),
    });
    expect(sorted(tags.ofKeyed(query, [{ id: '1' }, null]))).toEqual(['Animal:1', 'Animal:999']);
  });

  it('depends on a slice where the key is another, and on the row that was found', () => {
    const query = columns.addToQuery({
      model: 'Animal',
      columns: [],
      keyColumns: ['taxonId', 'name'],
      keys: [[5, 'Leo']],
      where: { kind: 'all', of: [] },
    });
    expect(query.columns).toEqual(['id']);
    expect(sorted(tags.ofKeyed(query, [{ id: '1' }]))).toEqual(['Animal+name,taxonId=Leo,5', 'Animal:1']);
  });
});

describe('related rows', () => {
  const related = (query: Partial<RelatedQuery>) =>
    columns.addToQuery(
      relatedQuery({
        parentModel: 'Keeper',
        relation: 'caresFor',
        model: 'Animal',
        parents: [[1], [2]],
        ...query,
      }),
    );

  it('depend on each parent’s slice', () => {
    const query = related({ order: [asc('weightKg'), asc('id')], limit: 1 });
    expect(sorted(tags.ofRelated(query, [[{ id: '1' }], []]))).toEqual([
      'Animal+carerId=1',
      'Animal+carerId=2',
      'Animal.weightKg+carerId=1',
      'Animal.weightKg+carerId=2',
      'Animal:1',
    ]);
  });

  it('depend on links, and on what the filter looks at, through a join table', () => {
    const foods = related({ parentModel: 'Animal', relation: 'foods', model: 'Food', parents: [['1']] });
    expect(sorted(tags.ofRelated(foods, [[{ name: 'meat' }]]))).toEqual(['Food:meat', '_AnimalToFood+A=1']);
    const some = { ...foods, where: { kind: 'null', column: 'kcal', negated: true } } as typeof foods;
    expect(sorted(tags.ofRelated(some, [[{ name: 'meat' }]]))).toEqual(['Food~', '_AnimalToFood+A=1']);
  });

  it('depend on the coming of rows too, where no foreign key holds links in place', () => {
    const loose = new Map([...specs].map(([name, spec]) => [name, { ...spec, enforced: [] }]));
    const foods = related({ parentModel: 'Animal', relation: 'foods', model: 'Food', parents: [['1']] });
    expect(sorted(new ReadTags(graph, loose).ofRelated(foods, [[]]))).toEqual(['Food+', '_AnimalToFood+A=1']);
    const where: Condition = {
      kind: 'related',
      relation: 'taxon',
      quantifier: 'some',
      where: { kind: 'all', of: [] },
    };
    expect(ofRows({ where })).toEqual(['Animal+', 'Animal.taxonId']);
    expect(sorted(new ReadTags(graph, loose).ofRows(animals({ where }), []))).toEqual([
      'Animal+',
      'Animal.taxonId',
      'Taxon+',
    ]);
  });
});

describe('counts and aggregates', () => {
  it('depend on which rows there are, and on what is summed', () => {
    const count = { fn: 'count', column: null } as const;
    expect(
      sorted(tags.ofAggregate({ model: 'Animal', where: eq('taxonId', 5), aggregates: [count] })),
    ).toEqual(['Animal+taxonId=5']);
    const sum = { fn: 'sum', column: 'weightKg' } as const;
    const query = {
      model: 'Animal',
      parentModel: 'Taxon',
      relation: 'animals',
      parents: [[5]],
      where: { kind: 'all', of: [] },
      aggregates: [sum],
    } as const;
    expect(sorted(tags.ofRelatedAggregate(query))).toEqual(['Animal+taxonId=5', 'Animal.weightKg+taxonId=5']);
  });
});

describe('a plan', () => {
  it('depends on all that is below its rows, as far as they lead there', async () => {
    const { reader, close } = await makePgReader(zoo.url, graph, () => {});
    const plans = reader as unknown as PlanReader;
    const all = { where: { kind: 'all', of: [] }, order: [], limit: null, after: null } as const;
    const shape = columns.addToShape({
      model: 'Animal',
      columns: ['name'],
      children: [
        {
          kind: 'one',
          slot: 'c',
          relation: 'carer',
          when: null,
          input: 1,
          row: { model: 'Keeper', columns: ['name'], children: [] },
        },
        {
          kind: 'one',
          slot: 'v',
          relation: 'vet',
          when: null,
          input: 1,
          row: { model: 'Keeper', columns: ['name'], children: [] },
        },
        {
          kind: 'aggregate',
          slot: 'f',
          relation: 'foods',
          when: null,
          input: 1,
          aggregates: [{ fn: 'count', column: null }],
        },
      ],
    });
    expect(columns.addToShape(shape)).toBe(shape);
    expect(shape.columns).toEqual(['name', 'id', 'carerId', 'vetId']);
    const plan = { shape, inputs: [{ ...all, where: eq('id', '3') }, all], total: eq('taxonId', 5) };
    const found = await plans.readPlan(plan);
    const dependences = tags.ofPlan(plan, plans.getLayout(shape), found);
    const { rows } = await zoo.client.query('SELECT carer_id, vet_id FROM zoo.animals WHERE id = 3');
    const [{ carer_id: carer, vet_id: vet }] = rows;
    expect(sorted(dependences)).toEqual(
      [
        ...new Set([
          'Animal:3',
          'Animal+taxonId=5',
          `Keeper:${carer}`,
          ...(vet === null ? [] : [`Keeper:${vet}`]),
          '_AnimalToFood+A=3',
        ]),
      ].sort(),
    );
    expect([...dependences.models].sort()).toEqual(['Animal', 'Food', 'Keeper', '_AnimalToFood']);
    await close();
  });
});

describe('what is not captured', () => {
  it('is reported, so that it is kept by time alone', () => {
    const loads = tags.ofRows(columns.addToQuery(rowsQuery({ model: 'EnclosureLoad' })), []);
    expect(loads).toEqual({ tags: [], models: [], uncaptured: ['EnclosureLoad'] });
    const where: Condition = {
      kind: 'related',
      relation: 'loads',
      quantifier: 'none',
      where: { kind: 'all', of: [] },
    };
    const enclosures = tags.ofRows(columns.addToQuery(rowsQuery({ model: 'Enclosure', where })), []);
    expect(enclosures).toEqual({
      tags: ['Enclosure+'],
      models: ['Enclosure'],
      uncaptured: ['EnclosureLoad'],
    });
  });

  it('is no model that is not there', () => {
    expect(() =>
      tags.ofAggregate({ model: 'Nothing', where: { kind: 'all', of: [] }, aggregates: [] }),
    ).toThrow('no model Nothing');
    const where: Condition = {
      kind: 'related',
      relation: 'nothing',
      quantifier: 'some',
      where: { kind: 'all', of: [] },
    };
    expect(() => tags.ofAggregate({ model: 'Animal', where, aggregates: [] })).toThrow('no relation nothing');
  });
});
