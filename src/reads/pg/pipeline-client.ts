import type pg from 'pg';
import { SessionClient } from './session-client.js';

/** What pg's types don't know yet. */
interface PipelineConfig extends pg.ClientConfig {
  /** Statements are sent without waiting for the answers to those before. */
  readonly pipeline: true;
}

/** A pipelining client whose session uses generic plans. */
export class PipelineClient extends SessionClient {
  private isHolding = false;

  // Named, so that nobody makes one that doesn't pipeline.
  constructor(config: PipelineConfig) {
    super(config);
  }

  override getStartupConf(): Record<string, string> {
    return { ...super.getStartupConf(), plan_cache_mode: 'force_generic_plan' };
  }

  /** Sends a query together with all others of this turn of the event loop: one system call and one packet for all. */
  send(query: pg.Submittable): void {
    if (!this.isHolding) {
      const { stream } = this.wire;
      this.isHolding = true;
      stream.cork();
      setImmediate(() => {
        this.isHolding = false;
        stream.uncork();
      });
    }
    this.query(query);
  }

  private get wire(): pg.Connection {
    return (this as unknown as { connection: pg.Connection }).connection;
  }

  /** Breaks the connection at once: all that waits on it fails. */
  drop(): void {
    this.wire.stream.destroy(new Error('Query read timeout'));
  }
}
