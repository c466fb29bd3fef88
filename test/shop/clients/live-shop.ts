import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { composeServer } from '../../../src/cli/compose-server.js';
import type { PrismaClientClass } from '../../../src/cli/load-project.js';
import type { AppDefinition } from '../../../src/gateway/app-definition.js';
import { PrismaClient } from '../../../src/generated/prisma/client.js';
import { signDevelopmentToken } from '../../../src/identity/development-token.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { loadModelGraph } from '../../../src/model/load-model-graph.js';
import { createPrismaClient } from '../../../src/reads/prisma/create-prisma-client.js';
import app from '../../../src/shop/app.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { testRedisUrl } from '../../services/database.js';
import { createShopDatabase } from '../shop-database.js';
import { fillShelf, type Shelf } from './shelf.js';

export const ROOT = join(import.meta.dirname, '../../..');
const SDL_FOLDER = join(ROOT, 'schema/shop');
const JWT_SECRET = 'a secret of the tests, long enough for HS256';
const CONNECTIONS = 4;
/** For hooks that open a shop: the first of a run migrates and seeds what the others copy. */
export const OPEN_TIMEOUT_MS = 60_000;

/** The shop as `npm start` serves it, over a seeded database of its own, on a free port. */
export interface LiveShop {
  /** Where clients send their operations. */
  readonly url: string;
  readonly origin: string;
  readonly databaseUrl: string;
  readonly prisma: PrismaClient;
  readonly shelf: Shelf;
  readonly app: AppDefinition;
  /** The log's lines of level `error` and worse: what no client's request may cause. */
  readonly failures: Record<string, unknown>[];
  /** A bearer token. */
  signIn(viewer: { readonly userId: number | string; readonly tier?: string }): Promise<string>;
  /** POSTs one operation with nothing but `fetch`. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly variables?: object;
  readonly headers?: Record<string, string>;
  readonly token?: string;
  readonly operationName?: string;
}

export interface Answer {
  readonly status: number;
  /** Loosely typed on purpose: tests know what they asked for. */
  readonly data?: any;
  readonly errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

/**
 * `env` is added to a development environment with a free port; `prepare` sees the database before anything is served.
 */
export async function openLiveShop(
  env: Record<string, string> = {},
  prepare: (databaseUrl: string) => Promise<void> = async () => {},
): Promise<LiveShop> {
  const database = await createShopDatabase();
  const prisma = createPrismaClient(PrismaClient, { ...readConfig({}).database, url: database.url });
  const shelf = await fillShelf(prisma);
  await prepare(database.url);
  const served = await serveShop({ databaseUrl: database.url, prisma, shelf }, env);
  return {
    ...served,
    async close() {
      await served.close();
      await prisma.$disconnect();
      await database.drop();
    },
  };
}

/** Another server over the database of one that is open, closed before that. */
export function openBeside(shop: LiveShop, env: Record<string, string>): Promise<LiveShop> {
  return serveShop(shop, env);
}

async function serveShop(
  { databaseUrl, prisma, shelf }: Pick<LiveShop, 'databaseUrl' | 'prisma' | 'shelf'>,
  env: Record<string, string>,
): Promise<LiveShop> {
  const config = readConfig({
    PORT: '0',
    // Tests share their machine, and their event loop with the server.
    SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: '0',
    DATABASE_URL: databaseUrl,
    SLUICE_DATABASE_POOL_SIZE: String(CONNECTIONS),
    SLUICE_IDENTITY_JWT_SECRET: JWT_SECRET,
    SLUICE_LOG_FORMAT: 'json',
    ...env,
  });
  const failures: Record<string, unknown>[] = [];
  const server = await composeServer({
    config,
    databaseUrl,
    redisUrl: testRedisUrl(),
    project: {
      sdl: await readShopSdl(),
      graph: await loadModelGraph(join(ROOT, 'src/generated/model-graph.json')),
      app,
    },
    prismaClientClass: PrismaClient as unknown as PrismaClientClass,
    log: createLogger({ level: 'error', format: 'json', destination: collectLines(failures) }),
  });
  const { url: origin } = await server.gateway.listen();
  const url = `${origin}/graphql`;
  return {
    url,
    origin,
    databaseUrl,
    prisma,
    shelf,
    app,
    failures,
    signIn({ userId, tier }) {
      return signDevelopmentToken({ secret: JWT_SECRET, viewerId: String(userId), tier });
    },
    async ask(query, { variables, headers, token, operationName } = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables, operationName }),
      });
      return { status: response.status, ...((await response.json()) as object) };
    },
    close: () => server.close(),
  };
}

async function readShopSdl(): Promise<{ path: string; text: string }[]> {
  const names = (await readdir(SDL_FOLDER)).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: join('schema/shop', name),
      text: await readFile(join(SDL_FOLDER, name), 'utf8'),
    })),
  );
}

function collectLines(lines: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
}
