import { Tiers } from '../identity/tiers.js';
import type { Config } from '../kernel/config/config.js';
import { createLogger, type Logger } from '../telemetry/logger.js';
import { type AskedExample, askExample } from './ask-example.js';
import { renderBanner } from './banner.js';
import type { ClosingStack } from './closing-stack.js';
import type { CommandContext } from './command-context.js';
import { composeServer } from './compose-server.js';
import { findDemand } from './find-demand.js';
import { holdOutput } from './held-output.js';
import {
  bindProject,
  type LoadedProject,
  loadPrismaClientClass,
  loadProject,
  type PrismaClientClass,
} from './load-project.js';
import { openDatabase } from './open-database.js';
import type { DatabaseService, RedisService } from './open-services.js';
import type { Project } from './project.js';
import { signTierTokens } from './tier-tokens.js';
import { orStopped } from './wait-for-end.js';

/** An app's code and SDL in memory. */
export interface LoadedCode {
  readonly loaded: LoadedProject;
  readonly prismaClientClass: PrismaClientClass;
}

export async function loadCode(project: Project): Promise<LoadedCode> {
  const [loaded, prismaClientClass] = await Promise.all([
    loadProject(project),
    loadPrismaClientClass(project),
  ]);
  return { loaded, prismaClientClass };
}

export interface ServeOptions {
  readonly context: CommandContext;
  readonly config: Config;
  readonly project: Project;
  readonly code: LoadedCode;
  readonly database: DatabaseService;
  readonly redis: RedisService;
  readonly graphiqlDirectory: string;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

export interface Serving {
  readonly url: string;
  readonly log: Logger;
  /** Prints what is served where; the log's lines follow. */
  announce(facts: {
    readonly startedInMs: number;
    readonly graphiql: 'ready' | 'being built' | null;
  }): Promise<void>;
  /** Lets the log's lines out without a banner. */
  releaseLog(): void;
}

/** From running services to a server that listens. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { context, config, project, database, redis, closing } = options;
  const { terminal, stopSignal } = context;
  const { loaded, prismaClientClass } = options.code;
  const api = bindProject(loaded, config.reads);
  // Filling a database may take minutes; nobody who presses Ctrl-C waits for that.
  const demand = findDemand(loaded, api);
  const opening = openDatabase({ service: database, config, ...project, ...loaded, demand, terminal });
  const databaseUrl = await orStopped(opening, stopSignal);
  const held = holdOutput(terminal);
  closing.add(() => held.release());
  const log = createLogger({ ...config.log, destination: held.stream, isColored: terminal.isColored });
  const server = await composeServer({
    config,
    databaseUrl,
    redisUrl: redis.url,
    project: loaded,
    api,
    prismaClientClass,
    log,
    graphiqlDirectory: options.graphiqlDirectory,
  });
  closing.add(() => server.close());
  const { url } = await server.gateway.listen();
  return {
    url,
    log,
    releaseLog: () => held.release(),
    async announce({ startedInMs, graphiql }) {
      const tiers = new Tiers(loaded.app.tiers);
      const [example, tokens] = await Promise.all([
        askFirst(url, loaded, log),
        signTierTokens(config, tiers),
      ]);
      const facts = {
        url,
        startedInMs,
        app: `${project.appName} (schema/${project.appName}, ${loaded.graph.models.size} models)`,
        database: database.description,
        redis: redis.description,
        reads: describeReads(config),
        limits: LIMITS[config.limits.mode],
        graphiql,
        tokens,
        example,
      };
      terminal.out(renderBanner(facts, terminal.colors));
      held.release();
    },
  };
}

const LIMITS = {
  enforce: 'enforced, by the tier of the caller',
  'dry-run': 'counted, shown and logged, not enforced (SLUICE_LIMITS=enforce)',
  off: 'off',
} as const;

function describeReads({ reads, execution }: Config): string {
  if (reads.driver === 'prisma') return 'Prisma Client, batched';
  if (!reads.plan) return 'pg, batched';
  return `pg, one statement per root field${execution.compiled ? ', compiled' : ''}`;
}

async function askFirst(url: string, { app }: LoadedProject, log: Logger): Promise<AskedExample | null> {
  const [example] = app.examples ?? [];
  if (example === undefined) return null;
  try {
    return await askExample(`${url}/graphql`, example);
  } catch (error) {
    log.warn({ err: error }, `The example "${example.name}" was not answered`);
    return null;
  }
}
