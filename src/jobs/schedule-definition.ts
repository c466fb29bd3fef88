/** A job that runs at certain times, once however many workers there are. */
export type ScheduleDefinition = {
  /** The job's name. */
  readonly job: string;
  readonly args?: object;
} & (
  | {
      /** From 1,000 ms to a year. */
      readonly everyMs: number;
    }
  | {
      /** Such as `0 6 * * 1`: at six o'clock on Mondays. */
      readonly cron: string;
      /** Such as `Europe/Vienna`. Default: UTC. */
      readonly timeZone?: string;
    }
);
