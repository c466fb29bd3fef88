/**
 * The log has had this id, or a later one, in this epoch: the database is older than the log. Another id is drawn at
 * the next attempt.
 */
export class ChangeLogRefusal extends Error {
  override readonly name = 'ChangeLogRefusal';

  constructor(id: number) {
    super(`The change log has had a record with the id ${id} or a later one`);
  }
}
