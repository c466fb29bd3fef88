import { openWorker } from './open-worker.js';

const [databaseUrl = '', redisUrl = '', place = '', aheadMs = '0'] = process.argv.slice(2);
setClockAhead(Number(aheadMs));
await openWorker({ databaseUrl, redisUrl, place });
process.send?.('ready');

/** Of all that reads the clock in this process, as on a machine whose clock is wrong. */
function setClockAhead(ms: number): void {
  const RealDate = Date;
  class WrongDate extends RealDate {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [RealDate.now() + ms] : args) as [number]));
    }

    static override now(): number {
      return RealDate.now() + ms;
    }
  }
  if (ms !== 0) globalThis.Date = WrongDate as DateConstructor;
}
