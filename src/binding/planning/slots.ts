/**
 * Where a planned row keeps what the response key `key` of its type shows. The type's name is part of it, as members of
 * an interface may use one key for different things.
 */
export function slotOf(typeName: string, key: string | number): string {
  return `:${typeName}.${key}`;
}

/** Where it keeps the total count of the connection in `slot`. */
export function totalSlotOf(slot: string): string {
  return `${slot}#`;
}
