import type { PlanReader } from '../reads/plan/read-plan.js';
import type { RowReader } from '../reads/row-reader.js';

/** What one HTTP request turned out to do, noted while it is answered and told in its log line. */
export interface RequestActivity {
  /** Of the last operation where a request holds several. */
  operationName: string | null;
  operationType: string | null;
  /** Calls of the row reader; on `pg` each is one SQL statement. */
  statements: number;
  /** Codes of the errors in the response, each once. */
  readonly errorCodes: Set<string>;
}

export function createRequestActivity(): RequestActivity {
  return { operationName: null, operationType: null, statements: 0, errorCodes: new Set() };
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
  function counted<Query, Answer>(read: (query: Query) => Promise<Answer>) {
    return (query: Query) => {
      activity.statements += 1;
      return read.call(reader, query);
    };
  }
  return {
    driver: reader.driver,
    findRows: counted(reader.findRows),
    findRowsByKeys: counted(reader.findRowsByKeys),
    findRelatedRows: counted(reader.findRelatedRows),
    aggregateRows: counted(reader.aggregateRows),
    aggregateRelatedRows: counted(reader.aggregateRelatedRows),
  };
}
