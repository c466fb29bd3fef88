const DAY_MS = 86_400_000;
const YEARS = 2;

/** How a shop's business grows: half of all that happens, happens in the last 37 % of the time. */
const GROWTH = 1.5;

/** The two years that the shop has seen, up to a given midnight (UTC). No clock is asked. */
export class Timeline {
  readonly startMs: number;
  readonly endMs: number;
  private readonly days: number;

  /** @param endDay such as `2026-01-01`: nothing happens on it or later */
  constructor(endDay: string) {
    this.endMs = Date.parse(`${endDay}T00:00:00.000Z`);
    if (Number.isNaN(this.endMs)) throw new RangeError(`${endDay} is no day: write it as 2026-01-01.`);
    const start = new Date(this.endMs);
    start.setUTCFullYear(start.getUTCFullYear() - YEARS);
    this.startMs = start.getTime();
    this.days = (this.endMs - this.startMs) / DAY_MS;
  }

  /**
   * The time of the event that has this share (0 to 1) of all events of its kind before it. Grows with the share, so
   * that rows numbered in order are in the order of time.
   */
  momentAt(share: number): number {
    const days = this.days * share ** (1 / GROWTH);
    const day = Math.floor(days);
    return Math.min(this.startMs + (day + awakeHour(days - day)) * DAY_MS, this.endMs - 1);
  }

  daysAfterStart(days: number): number {
    return Math.min(this.startMs + days * DAY_MS, this.endMs - 1);
  }

  daysBeforeEnd(days: number): number {
    return this.endMs - days * DAY_MS;
  }
}

/** Bends the hours of a day, 0 to 1, so that most happens in the late afternoon and least in the small hours. */
function awakeHour(fraction: number): number {
  return fraction + 0.08 * (Math.sin(2 * Math.PI * (fraction - 0.2)) + Math.sin(2 * Math.PI * 0.2));
}
