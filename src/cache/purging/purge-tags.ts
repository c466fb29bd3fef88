/** Tags that no change of a row tells: whoever purges writes them into the change log, and every node voids by them. */
export const PURGE_ALL_TAG = 'sluice.cache';

/** Answers in which the field was selected at the top, such as `Query.animals`. */
export function coordinatePurgeTag(coordinate: string): string {
  return `sluice.cache:${coordinate}`;
}

/** Answers that show objects of the type. */
export function typePurgeTag(typeName: string): string {
  return `sluice.cache:${typeName}`;
}
