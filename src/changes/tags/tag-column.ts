/**
 * Kinds of columns whose values may stand in a tag: those that PostgreSQL prints in one way whatever the session's
 * settings, and of which equal values have equal texts.
 */
export type TagKind = 'integer' | 'uuid' | 'boolean' | 'enum' | 'text';

/** A column that keys or slices are made of. */
export interface TagColumn {
  /** Prisma's name, which tags show. */
  readonly name: string;
  readonly dbName: string;
  readonly kind: TagKind;
  /** Of an enum: labels in the database by Prisma's names, where these differ. */
  readonly labels?: Readonly<Record<string, string>>;
}
