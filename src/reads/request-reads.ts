import { badUserInput, type SluiceError } from '../kernel/sluice-error.js';
import type { Column, ModelGraph, Relation } from '../model/model-graph.js';
import { type BatchLoader, createBatchLoader } from './batch-loader.js';
import type { Condition } from './condition.js';
import { LoaderTable, PromiseTable } from './memo-tables.js';
import type { ViewerRows } from './own-rows.js';
import { hydrateRows, type PlannedRow } from './plan/hydrate.js';
import type { PlanReader, PlanResult, PlanShape, ReadPlan, SelectionLayout } from './plan/read-plan.js';
import { RowsAtHand } from './plan/rows-at-hand.js';
import type {
  AggregateSpec,
  RelatedAggregateSpec,
  RelatedRowSpec,
  RelatedRowsSpec,
  RowSpec,
} from './read-spec.js';
import type { Key, Row, RowValue } from './row.js';
import type { Aggregate, RowReader, RowsQuery } from './row-reader.js';
import type { ReadDependences } from './tags/dependences.js';
import type { ReadRecorder } from './tags/read-recorder.js';
import { RecordedReader } from './tags/recorded-reader.js';
import { findValueFault } from './value-fault.js';

/** A plan's rows, and how many there are in all where it asks for that. */
export interface PlannedRows {
  readonly rows: readonly PlannedRow[];
  readonly total: number | null;
}

/**
 * All that one request reads. Fields ask one by one and are answered in batches, one call of the reader per
 * spec and tick; what was read once is not read again until `clear`. A failed read fails the fields that
 * asked for it and no others.
 *
 * Made for one request and dropped with it: an instance that outlived its request would serve rows that
 * someone has changed since. The reader belongs to whoever made it.
 */
export class RequestReads {
  /** Null until someone asks a loader: a request that is planned whole never does. */
  private loaders: Tables | null = null;
  private atHand = new RowsAtHand();
  private failure: Error | null = null;
  /** Rows by what they were read as; null until one is noted. */
  private shown: WeakMap<object, string> | null = null;
  private recorder: ReadRecorder | null = null;
  private reader: RowReader;

  /**
   * `plans` answers whole plans at once; null: everything goes through loaders. `own` knows which rows are the viewer's;
   * null: no condition depends on that, or nobody owns a row.
   */
  constructor(
    reader: RowReader,
    private readonly graph: ModelGraph,
    private readonly plans: PlanReader | null = null,
    private readonly own: ViewerRows | null = null,
  ) {
    this.reader = reader;
  }

  /** From now on it is noted what is read. To be called before anything is. */
  record(recorder: ReadRecorder): void {
    this.recorder = recorder;
    this.reader = new RecordedReader(this.reader, recorder);
  }

  /** Whether plans have to be made of what `tagShape` gives. */
  get isRecording(): boolean {
    return this.recorder !== null;
  }

  /** A plan's shape with all that tells what its answer depends on, where that is to be noted; the same for the same. */
  tagShape(shape: PlanShape): PlanShape {
    return this.recorder === null ? shape : this.recorder.tagging.columns.addToShape(shape);
  }

  /** Whether `readPlan` may be called. */
  get canPlan(): boolean {
    return this.plans !== null;
  }

  /**
   * All that a plan reads, as rows that hold what was planned below them. Not memoised, but `loadRow` finds its rows.
   */
  async readPlan(plan: ReadPlan): Promise<PlannedRows> {
    const { tuples, total } = await this.readTuples(plan);
    const rows = hydrateRows(this.getLayout(plan.shape), tuples);
    this.atHand.add(plan.shape, rows);
    return { rows, total };
  }

  /** All that a plan reads, as it was transported. */
  async readTuples(plan: ReadPlan): Promise<PlanResult> {
    if (this.failure !== null) throw this.failure;
    const filled = this.own === null ? plan : this.fillPlan(plan, this.own);
    const result = await this.getPlans().readPlan(filled);
    this.recorder?.note(() => this.tagPlan(filled, result));
    return result;
  }

  getLayout(shape: PlanShape): SelectionLayout {
    return this.getPlans().getLayout(shape);
  }

  /**
   * Makes every further plan of this request fail with `error`: for one that has run into an outage and is run again
   * only to word it.
   */
  failWith(error: Error): void {
    this.failure = error;
  }

  private tagPlan(plan: ReadPlan, result: PlanResult): ReadDependences {
    if (this.recorder === null) throw new TypeError('This request is not recorded.');
    const { columns, tags } = this.recorder.tagging;
    const shape = columns.addToShape(plan.shape);
    // Its rows don't hold what tags are made of.
    if (shape !== plan.shape) throw new TypeError('A recorded plan was made of a shape without tags.');
    return tags.ofPlan({ ...plan, shape }, this.getLayout(shape), result);
  }

  private getPlans(): PlanReader {
    if (this.plans === null) throw new TypeError('This request has no reader for plans.');
    return this.plans;
  }

  /** Equal queries share one call of the reader. */
  findRows(query: RowsQuery): Promise<readonly Row[]> {
    return this.tables.findRows.getOrStart(this.fill(query), (asked) => this.reader.findRows(asked));
  }

  /** Null where no row has the key, `where` leaves it out, or the key has a null in it. */
  async loadRow(spec: RowSpec, key: Key): Promise<Row | null> {
    if (hasNull(key)) return null;
    const filled = this.fill(spec);
    return this.atHand.find(filled, key) ?? this.tables.rows.get(filled).load(key);
  }

  /** `parentKey` are the values of the relation's `link.local`; a null among them means no row. */
  async loadRelatedRow(spec: RelatedRowSpec, parentKey: Key): Promise<Row | null> {
    return hasNull(parentKey) ? null : this.tables.relatedRow.get(this.fill(spec)).load(parentKey);
  }

  /** As `loadRelatedRow`, for a to-many relation: a null in the parent's key means no rows. */
  async loadRelatedRows(spec: RelatedRowsSpec, parentKey: Key): Promise<readonly Row[]> {
    return hasNull(parentKey) ? [] : this.tables.relatedRows.get(this.fill(spec)).load(parentKey);
  }

  /** Values in the order of `spec.aggregates`; equal specs share one call of the reader. */
  aggregate(spec: AggregateSpec): Promise<readonly RowValue[]> {
    return this.tables.aggregates.getOrStart(this.fill(spec), (asked) => this.reader.aggregateRows(asked));
  }

  /** As `aggregate`, over the rows that are related to one parent. */
  async loadRelatedAggregate(spec: RelatedAggregateSpec, parentKey: Key): Promise<readonly RowValue[]> {
    if (hasNull(parentKey)) return spec.aggregates.map(valueOfNothing);
    return this.tables.relatedAggregates.get(this.fill(spec)).load(parentKey);
  }

  /** Notes rows that were read as what the viewer may see of a type. Nothing to note where nobody owns a row. */
  noteShown(rows: readonly Row[], typeName: string): void {
    if (this.own === null) return;
    this.shown ??= new WeakMap();
    for (const row of rows) this.shown.set(row, typeName);
  }

  /** Whether this very object was noted so in this request. */
  wasShown(row: object, typeName: string): boolean {
    return this.shown?.get(row) === typeName;
  }

  /** Forgets what was read, so that whoever asks from now on sees a write that has just been made. */
  clear(): void {
    this.loaders = null;
    this.atHand = new RowsAtHand();
  }

  private fill<Asked extends { readonly where: Condition }>(asked: Asked): Asked {
    if (this.own === null) return asked;
    const filled = this.own.fillIn(asked);
    if (filled !== asked) this.recorder?.noteVaried('ID', null);
    return filled;
  }

  /** A plan with the viewer's conditions in their places; inputs without such places stay the objects that they are. */
  private fillPlan(plan: ReadPlan, own: ViewerRows): ReadPlan {
    const { shape, inputs, total } = plan;
    const filled = {
      shape,
      inputs: inputs.map((input) => own.fillIn(input)),
      total: total === null ? null : own.fill(total),
    };
    const isSame = filled.total === total && filled.inputs.every((input, index) => input === inputs[index]);
    if (!isSame) this.recorder?.noteVaried('ID', null);
    return filled;
  }

  private get tables(): Tables {
    this.loaders ??= this.createTables();
    return this.loaders;
  }

  private createTables(): Tables {
    const { reader } = this;
    const rows = new LoaderTable<RowSpec, Row | null>((spec) => this.createRowLoader(spec));
    return {
      rows,
      relatedRow: new LoaderTable((spec) => this.createRelatedRowLoader(spec, rows)),
      relatedRows: new LoaderTable((spec) => {
        const model = this.getRelation(spec).target;
        return createBatchLoader((parents) => reader.findRelatedRows({ ...spec, model, parents }));
      }),
      relatedAggregates: new LoaderTable((spec) => {
        const model = this.getRelation(spec).target;
        return createBatchLoader((parents) => reader.aggregateRelatedRows({ ...spec, model, parents }));
      }),
      findRows: new PromiseTable(),
      aggregates: new PromiseTable(),
    };
  }

  /** Keys are callers' input: one that its type refuses must not fail the others of its batch. */
  private createRowLoader(spec: RowSpec): BatchLoader<Row | null> {
    const columns = spec.keyColumns.map((name) => this.getColumn(spec.model, name));
    return createBatchLoader<Row | null>(async (keys) => {
      const faults = keys.map((key) => findKeyFault(this.graph, columns, key));
      const accepted = keys.filter((_, index) => faults[index] === null);
      const rows = accepted.length === 0 ? [] : await this.reader.findRowsByKeys({ ...spec, keys: accepted });
      let next = 0;
      return faults.map((fault) => fault ?? rows[next++] ?? null);
    });
  }

  /**
   * Where this side has the foreign key, the other row is found by a key of its own: then every field that
   * wants those columns of that model shares one loader, whichever relation it came along.
   */
  private createRelatedRowLoader(
    spec: RelatedRowSpec,
    rows: LoaderTable<RowSpec, Row | null>,
  ): BatchLoader<Row | null> {
    const { target: model, link } = this.getRelation(spec);
    const { columns, where } = spec;
    if (link.kind === 'columns' && link.keyOn === 'local') {
      return rows.get({ model, columns, keyColumns: link.foreign, where });
    }
    const query = { ...spec, model, order: [], limit: null, offset: 0, after: null };
    return createBatchLoader(async (parents) => {
      const found = await this.reader.findRelatedRows({ ...query, parents });
      return found.map((related) => related[0] ?? null);
    });
  }

  private getColumn(model: string, name: string): Column {
    const column = this.graph.models.get(model)?.columns.get(name);
    if (column === undefined) throw new TypeError(`The model graph has no column ${model}.${name}.`);
    return column;
  }

  private getRelation(spec: { readonly parentModel: string; readonly relation: string }): Relation {
    const relation = this.graph.models.get(spec.parentModel)?.relations.get(spec.relation);
    if (relation === undefined) {
      throw new TypeError(`The model graph has no relation ${spec.parentModel}.${spec.relation}.`);
    }
    return relation;
  }
}

interface Tables {
  readonly rows: LoaderTable<RowSpec, Row | null>;
  readonly relatedRow: LoaderTable<RelatedRowSpec, Row | null>;
  readonly relatedRows: LoaderTable<RelatedRowsSpec, readonly Row[]>;
  readonly relatedAggregates: LoaderTable<RelatedAggregateSpec, readonly RowValue[]>;
  readonly findRows: PromiseTable<RowsQuery, readonly Row[]>;
  readonly aggregates: PromiseTable<AggregateSpec, readonly RowValue[]>;
}

function hasNull(key: Key): boolean {
  return key.some((value) => value === null || value === undefined);
}

function findKeyFault(graph: ModelGraph, columns: readonly Column[], key: Key): SluiceError | null {
  for (const [index, column] of columns.entries()) {
    const enumType = column.enumName === null ? null : (graph.enums.get(column.enumName) ?? null);
    const fault = findValueFault(column, enumType, key[index] ?? null);
    if (fault !== null) return badUserInput([column.name], fault);
  }
  return null;
}

/** What an aggregate gives over no rows. */
function valueOfNothing(aggregate: Aggregate): RowValue {
  return aggregate.fn === 'count' ? 0 : null;
}
