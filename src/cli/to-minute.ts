/** A time as commands print it: `2030-01-31 12:00 UTC`. */
export function toMinute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
