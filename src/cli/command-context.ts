import type { Config } from '../kernel/config/config.js';
import type { Project, ProjectPaths } from './project.js';
import type { Terminal } from './terminal.js';

/** What every command is run with. */
export interface CommandContext {
  readonly root: string;
  readonly paths: ProjectPaths;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** Read when first asked for: printing a schema needs no valid environment. */
  readConfig(): Config;
  /** @throws SluiceError `CONFIG_INVALID` where there is not just one app */
  findProject(): Project;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly stopSignal: AbortSignal;
}
