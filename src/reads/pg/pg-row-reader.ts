import type { ModelGraph } from '../../model/model-graph.js';
import type {
  PlanReader,
  PlanResult,
  PlanShape,
  ReadPlan,
  SelectionLayout,
  Tuple,
} from '../plan/read-plan.js';
import type { Key, Row, RowValue } from '../row.js';
import type {
  AggregateQuery,
  KeyedQuery,
  RelatedAggregateQuery,
  RelatedQuery,
  RowReader,
  RowsQuery,
} from '../row-reader.js';
import { decodeAggregates } from './aggregate-sql.js';
import { buildAggregateStatement, buildRelatedAggregateStatement } from './aggregate-statements.js';
import { ModelSqlCatalog } from './model-sql.js';
import type { PipelineSettings } from './pipelined-clients.js';
import { PlanLayouts } from './plan-layout.js';
import { PlanStatements } from './plan-statements.js';
import { ReadClasses } from './read-classes.js';
import { createRowDecoder } from './row-decoder.js';
import { buildKeyedStatement, buildRelatedStatement, buildRowsStatement } from './row-statements.js';
import { type PgPool, StatementRunner } from './statement-runner.js';

export interface PgRowReaderOptions {
  /** Its sessions must print dates in the ISO style, as those of `createPool` do. Not closed by the reader. */
  readonly pool: PgPool;
  readonly graph: ModelGraph;
  /** False behind a pooler that swaps connections between transactions: nothing is then prepared by name. */
  readonly prepared: boolean;
  /** Connections for short reads, opened when first needed, closed by `end`; null or left out: the pool serves all. */
  readonly pipelines?: PipelineSettings | null;
  /** Callers that wait for a connection of the pool, at most. Default: 1,000. */
  readonly maxWaiting?: number;
  /** Models and relations (`Animal`, `Animal.foods`) whose reads PostgreSQL is to plan for their values. */
  readonly customPlans?: readonly string[];
  /** Where models and enums are that name no schema; `public` unless given. */
  readonly defaultSchema?: string;
  /** Called with the text of each statement that is sent. */
  readonly onStatement?: (text: string) => void;
}

/** Rows straight from PostgreSQL through `pg`: every call is one statement, and asks for nothing it doesn't use. */
export class PgRowReader implements RowReader, PlanReader {
  readonly driver = 'pg';
  private readonly catalog: ModelSqlCatalog;
  private readonly runner: StatementRunner;
  private readonly layouts: PlanLayouts;
  private readonly planStatements: PlanStatements;
  private readonly classes: ReadClasses;

  constructor(options: PgRowReaderOptions) {
    const { pool, graph, prepared, pipelines, maxWaiting, defaultSchema = 'public', onStatement } = options;
    this.classes = new ReadClasses(options.customPlans ?? []);
    this.catalog = new ModelSqlCatalog(graph, defaultSchema);
    this.planStatements = new PlanStatements(this.catalog);
    this.layouts = new PlanLayouts(this.catalog);
    this.runner = new StatementRunner({ pool, prepared, pipelines, maxWaiting, onStatement });
  }

  /** Lets go of its connections for short reads. */
  end(): Promise<void> {
    return this.runner.end();
  }

  async findRows(query: RowsQuery): Promise<readonly Row[]> {
    if (query.limit === 0) return [];
    const statement = buildRowsStatement(this.catalog, query);
    const found = await this.runner.run(statement, this.classes.ofRows(query));
    return found.map(createRowDecoder(statement.columns, 0));
  }

  async findRowsByKeys(query: KeyedQuery): Promise<readonly (Row | null)[]> {
    if (query.keys.length === 0) return [];
    const statement = buildKeyedStatement(this.catalog, query);
    const found = await this.runner.run(statement, this.classes.ofKeyed(query));
    const decode = createRowDecoder(statement.columns, 1);
    const rows: (Row | null)[] = query.keys.map(() => null);
    for (const text of found) rows[toIndex(text[0])] = decode(text);
    return rows;
  }

  async findRelatedRows(query: RelatedQuery): Promise<readonly (readonly Row[])[]> {
    const rows = query.parents.map((): Row[] => []);
    if (rows.length === 0 || query.limit === 0) return rows;
    const statement = buildRelatedStatement(this.catalog, query);
    const found = await this.runner.run(statement, this.classes.ofRelated(query));
    const decode = createRowDecoder(statement.columns, 1);
    for (const text of found) rows[toIndex(text[0])]?.push(decode(text));
    return rows;
  }

  getLayout(shape: PlanShape): SelectionLayout {
    return this.layouts.get(shape);
  }

  async readPlan(plan: ReadPlan): Promise<PlanResult> {
    const statement = this.planStatements.get(plan);
    const [[tuples = null, total = null] = []] = await this.runner.run(statement, this.classes.ofPlan(plan));
    return {
      tuples: tuples === null ? [] : (JSON.parse(tuples) as Tuple[]),
      total: total === null ? null : Number(total),
    };
  }

  async aggregateRows(query: AggregateQuery): Promise<readonly RowValue[]> {
    if (query.aggregates.length === 0) return [];
    const statement = buildAggregateStatement(this.catalog, query);
    const [found = null] = await this.runner.run(statement, 'long');
    return decodeAggregates(statement.aggregates, found, 0);
  }

  async aggregateRelatedRows(query: RelatedAggregateQuery): Promise<readonly (readonly RowValue[])[]> {
    const { parents, aggregates } = query;
    if (parents.length === 0 || aggregates.length === 0) return parents.map((_: Key) => []);
    const statement = buildRelatedAggregateStatement(this.catalog, query);
    const found = await this.runner.run(statement, 'long');
    const byParent = new Map(found.map((text) => [toIndex(text[0]), text]));
    return parents.map((_, index) => decodeAggregates(statement.aggregates, byParent.get(index) ?? null, 1));
  }
}

/** Positions of keys and parents are counted from 1 in SQL. */
function toIndex(position: string | null | undefined): number {
  return Number(position) - 1;
}
