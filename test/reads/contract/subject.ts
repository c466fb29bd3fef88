import type { ModelGraph } from '../../../src/model/model-graph.js';
import type { Row, RowValue } from '../../../src/reads/row.js';
import type { RelatedQuery, RowReader, RowsQuery } from '../../../src/reads/row-reader.js';
import { createDomainDatabase, type DomainDatabaseOptions } from '../../domain/domain-database.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { relatedQuery, rowsQuery } from '../queries.js';

/** Opens the reader under test. `onStatement` is to hear of every statement that the database gets. */
export type MakeReader = (
  databaseUrl: string,
  graph: ModelGraph,
  onStatement: (text: string) => void,
) => Promise<{ readonly reader: RowReader; close(): Promise<void> }>;

/** The reader under test, on a zoo that nobody writes to. Its fields are there once `beforeAll` has run. */
export interface Subject {
  readonly reader: RowReader;
  readonly graph: ModelGraph;
  /** Statements since the start. */
  readonly statements: readonly string[];
}

/** Ids beyond 2^53, of which the first two are one number in JavaScript. */
export const EVEN = '9007199254740992';
export const ODD = '9007199254740993';
export const LAST = '9223372036854775807';
/** All animals by id. */
export const ALL_ANIMALS: readonly string[] = [
  ...Array.from({ length: 12 }, (_, index) => String(index + 1)),
  EVEN,
  ODD,
  LAST,
];

/** Opens the subject before the tests of the block it is called in, and closes it behind them. */
export function openSubject(makeReader: MakeReader, options: DomainDatabaseOptions = {}): Subject {
  const statements: string[] = [];
  const subject: { -readonly [Name in keyof Subject]: Subject[Name] } = {
    ...({} as Subject),
    statements,
  };
  let close = async (): Promise<void> => {};
  beforeAll(async () => {
    const [database, graph] = await Promise.all([createDomainDatabase(options), domainGraph()]);
    const made = await makeReader(database.url, graph, (text) => {
      statements.push(text);
    });
    subject.reader = made.reader;
    subject.graph = graph;
    close = async () => {
      await made.close();
      await database.drop();
    };
  });
  afterAll(() => close());
  return subject;
}

/** Rows with the columns asked for alone: a reader may give more. */
export function pick(rows: readonly (Row | null)[], columns: readonly string[]): (Row | null)[] {
  return rows.map((row) =>
    row === null ? null : Object.fromEntries(columns.map((column) => [column, row[column]!])),
  );
}

/** One column of the rows that a query finds. */
export async function findColumn(
  { reader }: Subject,
  column: string,
  query: Partial<RowsQuery> & Pick<RowsQuery, 'model'>,
): Promise<RowValue[]> {
  const rows = await reader.findRows(rowsQuery({ columns: [column], ...query }));
  return rows.map((row) => row[column]!);
}

/** One column of the rows related to each parent. */
export async function findRelatedColumn(
  { reader }: Subject,
  column: string,
  query: Partial<RelatedQuery> & Pick<RelatedQuery, 'parentModel' | 'relation' | 'model' | 'parents'>,
): Promise<RowValue[][]> {
  const found = await reader.findRelatedRows(relatedQuery({ columns: [column], ...query }));
  return found.map((rows) => rows.map((row) => row[column]!));
}
