import { createHash, hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { printSchema } from 'graphql';
import { type BoundApi, bindApi } from '../binding/bind-schema.js';
import type { PageLimits, Resolvers } from '../binding/resolvers.js';
import type { SdlSource } from '../binding/sdl/sdl-source.js';
import type { AppDefinition } from '../gateway/app-definition.js';
import { Tiers } from '../identity/tiers.js';
import { SluiceError } from '../kernel/sluice-error.js';
import { loadModelGraph } from '../model/load-model-graph.js';
import type { ModelGraph } from '../model/model-graph.js';
import type { PrismaClientOptions } from '../reads/prisma/create-prisma-client.js';
import type { PrismaClientPort } from '../reads/prisma/prisma-client-port.js';
import type { Project } from './project.js';

/** A project's parts, read. */
export interface LoadedProject {
  readonly sdl: readonly SdlSource[];
  readonly graph: ModelGraph;
  readonly app: AppDefinition;
  /** Of all of the app's code: what other code has computed is not served. Left out: it is always the same. */
  readonly codeHash?: string;
}

/** What Prisma generates for a project: its client's class. */
export type PrismaClientClass = new (
  options: PrismaClientOptions,
) => PrismaClientPort & {
  $disconnect(): Promise<void>;
};

/** Reads SDL, model graph and app. */
export async function loadProject(project: Project): Promise<LoadedProject> {
  const [sdl, graph, app, codeHash] = await Promise.all([
    loadSdl(project),
    loadModelGraph(project.modelGraphFile),
    loadApp(project),
    hashCode(project),
  ]);
  return { sdl, graph, app, codeHash };
}

/** @throws SchemaFaults */
export function bindProject(loaded: LoadedProject, limits: PageLimits): BoundApi {
  const resolvers = (loaded.app.resolvers ?? {}) as Resolvers;
  return bindApi({
    sdl: loaded.sdl,
    graph: loaded.graph,
    resolvers,
    limits,
    tiers: new Tiers(loaded.app.tiers),
    cachePolicies: loaded.app.cachePolicies,
    cacheNames: {
      caches: new Set(loaded.app.caches?.map(({ name }) => name)),
      vary: new Set(loaded.app.vary?.map(({ name }) => name)),
    },
  });
}

/** Of all that decides what an answer means: whoever has another schema, model or code must not read it. */
export function fingerprintOf({ sdl, graph, codeHash = '' }: LoadedProject, { schema }: BoundApi): string {
  const texts = [...sdl.map(({ text }) => text), printSchema(schema), graph.hash, codeHash];
  return hash('sha256', texts.join('\0'), 'base64url');
}

/** @throws SluiceError `CONFIG_INVALID` where none was generated */
export async function loadPrismaClientClass(project: Project): Promise<PrismaClientClass> {
  const file = project.prismaClientFile;
  if (!existsSync(file)) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `There is no Prisma Client: ${relative(project.root, file)} is missing`,
      {
        hint: 'Run `npm run generate`.',
      },
    );
  }
  const { PrismaClient } = (await import(pathToFileURL(file).href)) as { PrismaClient: PrismaClientClass };
  return PrismaClient;
}

function loadSdl(project: Project): Promise<SdlSource[]> {
  return Promise.all(
    project.sdlFiles.map(async (path) => ({ path, text: await readFile(join(project.root, path), 'utf8') })),
  );
}

/** Of all files beside the app's, below their folder. */
async function hashCode({ appFile }: Project): Promise<string> {
  const digest = createHash('sha256');
  if (appFile === null) return digest.digest('base64url');
  const folder = dirname(appFile);
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((each) => each.endsWith(extname(appFile))).sort()) {
    digest
      .update(name)
      .update('\0')
      .update(await readFile(join(folder, name)));
  }
  return digest.digest('base64url');
}

/** An app without code answers with what its SDL binds. */
async function loadApp(project: Project): Promise<AppDefinition> {
  if (project.appFile === null) return {};
  const module = (await import(pathToFileURL(project.appFile).href)) as { default?: unknown };
  if (typeof module.default !== 'object' || module.default === null) {
    throw new SluiceError('CONFIG_INVALID', `src/${project.appName}/app.ts exports no app`, {
      hint: 'Let its default export be what defineApp({ … }) returns.',
    });
  }
  return module.default as AppDefinition;
}
