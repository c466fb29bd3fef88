/** PostgreSQL speaks of an epoch that this node has left: it is a server that has been replaced. */
export class EpochLeft extends Error {
  override readonly name = 'EpochLeft';

  constructor(epoch: string) {
    super(`PostgreSQL is in the epoch ${epoch}, which was over already`);
  }
}
