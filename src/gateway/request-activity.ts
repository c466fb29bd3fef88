import type { PlanReader } from '../reads/plan/read-plan.js';
import type {
  AggregateQuery,
  KeyedQuery,
  RelatedAggregateQuery,
  RelatedQuery,
  RowReader,
  RowsQuery,
} from '../reads/row-reader.js';

/** What one HTTP request turned out to do, noted while it is answered and told in its log line. */
export interface RequestActivity {
  /** Of the last operation where a request holds several. */
  operationName: string | null;
  operationType: string | null;
  /** Calls of the row reader; on `pg` each is one SQL statement. */
  statements: number;
  /** What the cache had to do with the answer; null where nobody asked it. */
  cache: 'hit' | 'stale' | 'miss' | 'bypass' | null;
  /** Codes of the errors in the response, each once. */
  readonly errorCodes: Set<string>;
}

export function createRequestActivity(): RequestActivity {
  return { operationName: null, operationType: null, statements: 0, cache: null, errorCodes: new Set() };
}

/** The same reader of plans, noting each call in `activity`. */
export function countPlans(plans: PlanReader, activity: RequestActivity): PlanReader {
  return {
    getLayout: (shape) => plans.getLayout(shape),
    readPlan: (plan) => {
      activity.statements += 1;
      return plans.readPlan(plan);
    },
  };
}

/** The same reader, noting each call in `activity`. */
export function countStatements(reader: RowReader, activity: RequestActivity): RowReader {
  return new CountedReader(reader, activity);
}

/** A class, not closures: most requests make one and never use it. */
class CountedReader implements RowReader {
  readonly driver: RowReader['driver'];

  constructor(
    private readonly reader: RowReader,
    private readonly activity: RequestActivity,
  ) {
    this.driver = reader.driver;
  }

  findRows(query: RowsQuery) {
    this.activity.statements += 1;
    return this.reader.findRows(query);
  }

  findRowsByKeys(query: KeyedQuery) {
    this.activity.statements += 1;
    return this.reader.findRowsByKeys(query);
  }

  findRelatedRows(query: RelatedQuery) {
    this.activity.statements += 1;
    return this.reader.findRelatedRows(query);
  }

  aggregateRows(query: AggregateQuery) {
    this.activity.statements += 1;
    return this.reader.aggregateRows(query);
  }

  aggregateRelatedRows(query: RelatedAggregateQuery) {
    this.activity.statements += 1;
    return this.reader.aggregateRelatedRows(query);
  }
}
