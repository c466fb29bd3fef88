import { describeAggregates } from './aggregates.js';
import { describeConditions } from './conditions.js';
import { describeFailures } from './failures.js';
import { describeFarValues } from './far-values.js';
import { describeKeys } from './keys.js';
import { describeOrders } from './orders.js';
import { describePages } from './pages.js';
import { describeRelatedConditions } from './related-conditions.js';
import { describeRelations } from './relations.js';
import { type MakeReader, openSubject } from './subject.js';
import { describeTimeZones, describeValues } from './values.js';

/**
 * All that row-reader.ts, row.ts and condition.ts promise, held against the zoo's rows (test/domain/rows.sql).
 * What is expected stands here as written down by hand from those rows.
 */
export function describeRowReader(name: string, makeReader: MakeReader): void {
  describe(`${name} as a row reader`, () => {
    const subject = openSubject(makeReader);
    describeValues(subject);
    describeKeys(subject);
    describeConditions(subject);
    describeRelatedConditions(subject);
    describeOrders(subject);
    describePages(subject);
    describeRelations(subject);
    describeAggregates(subject);
    describeTimeZones(makeReader);
    describeFarValues(makeReader);
    describeFailures(subject, makeReader);
  });
}
