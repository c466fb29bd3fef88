import type {
  AggregateQuery,
  KeyedQuery,
  RelatedAggregateQuery,
  RelatedQuery,
  RowReader,
  RowsQuery,
} from '../row-reader.js';
import type { ReadRecorder } from './read-recorder.js';

/** The same reader, each of whose answers is noted with what it depends on. */
export class RecordedReader implements RowReader {
  readonly driver: RowReader['driver'];

  constructor(
    private readonly reader: RowReader,
    private readonly recorder: ReadRecorder,
  ) {
    this.driver = reader.driver;
  }

  async findRows(query: RowsQuery) {
    const { columns, tags } = this.recorder.tagging;
    const tagged = columns.addToQuery(query);
    const rows = await this.reader.findRows(tagged);
    this.recorder.note(() => tags.ofRows(tagged, rows));
    return rows;
  }

  async findRowsByKeys(query: KeyedQuery) {
    const { columns, tags } = this.recorder.tagging;
    const tagged = columns.addToQuery(query);
    const rows = await this.reader.findRowsByKeys(tagged);
    this.recorder.note(() => tags.ofKeyed(tagged, rows));
    return rows;
  }

  async findRelatedRows(query: RelatedQuery) {
    const { columns, tags } = this.recorder.tagging;
    const tagged = columns.addToQuery(query);
    const rows = await this.reader.findRelatedRows(tagged);
    this.recorder.note(() => tags.ofRelated(tagged, rows));
    return rows;
  }

  async aggregateRows(query: AggregateQuery) {
    const values = await this.reader.aggregateRows(query);
    this.recorder.note(() => this.recorder.tagging.tags.ofAggregate(query));
    return values;
  }

  async aggregateRelatedRows(query: RelatedAggregateQuery) {
    const values = await this.reader.aggregateRelatedRows(query);
    this.recorder.note(() => this.recorder.tagging.tags.ofRelatedAggregate(query));
    return values;
  }
}
