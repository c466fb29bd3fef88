import pg from 'pg';

/** pg's client with the method that makes its startup message, which its types leave out. */
const StartupClient = pg.Client as unknown as new (
  config?: pg.ClientConfig,
) => pg.Client & { getStartupConf(): Record<string, string> };

/**
 * A client that says in its startup message how dates are to be printed. That overrides what role and
 * database are set to, costs no round trip, and PgBouncer passes it on: these are two of the few parameters
 * that it keeps track of, while it refuses a connection that asks for `options`.
 */
export class SessionClient extends StartupClient {
  constructor(config?: pg.ClientConfig) {
    super(config);
    // Whoever waits for an answer is told through it, and the pool of a connection that lies idle has its own
    // listener. One that breaks between two statements of a transaction has none, and tells of it twice: it would
    // end the process.
    this.on('error', () => undefined);
  }

  override getStartupConf(): Record<string, string> {
    return { ...super.getStartupConf(), DateStyle: 'ISO, MDY', TimeZone: 'UTC' };
  }
}
