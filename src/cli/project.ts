import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../kernel/sluice-error.js';

/** What is at the same place in every project. */
export interface ProjectPaths {
  readonly root: string;
  readonly migrationsDirectory: string;
  /** What Sluice keeps: data, secrets, built pages. */
  readonly stateDirectory: string;
}

/** Where an app's parts are; nothing has been read yet. */
export interface Project extends ProjectPaths {
  /** The folder's name below `schema/`. */
  readonly appName: string;
  /** Relative to the root, sorted, with slashes. */
  readonly sdlFiles: readonly string[];
  readonly modelGraphFile: string;
  /** The app's code, or null where its SDL needs none. */
  readonly appFile: string | null;
  readonly prismaClientFile: string;
}

export interface FindProjectOptions {
  readonly root: string;
  /** Where the compiled code is. Default: `dist` below the root. */
  readonly codeDirectory?: string;
}

const ENGINE_FOLDER = 'sluice';

export function getProjectPaths(root: string): ProjectPaths {
  return {
    root,
    migrationsDirectory: join(root, 'prisma/migrations'),
    stateDirectory: join(root, '.sluice'),
  };
}

/**
 * Finds the one app of a project: the folder beside `schema/sluice`.
 *
 * @throws SluiceError `CONFIG_INVALID` where there is none or more than one
 */
export function findProject({ root, codeDirectory = join(root, 'dist') }: FindProjectOptions): Project {
  const appName = findAppName(root);
  const code = (path: string): string | null =>
    // Tests load TypeScript as it is.
    ['.js', '.ts'].map((ending) => join(codeDirectory, path + ending)).find((file) => existsSync(file)) ??
    null;
  return {
    ...getProjectPaths(root),
    appName,
    sdlFiles: listSdl(root, appName),
    modelGraphFile: join(codeDirectory, 'generated/model-graph.json'),
    appFile: code(`${appName}/app`),
    prismaClientFile: code('generated/prisma/client') ?? join(codeDirectory, 'generated/prisma/client.js'),
  };
}

function findAppName(root: string): string {
  const folder = join(root, 'schema');
  const names = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== ENGINE_FOLDER)
        .map((entry) => entry.name)
        .filter((name) => listSdl(root, name).length > 0)
        .sort()
    : [];
  const [name, ...others] = names;
  if (name === undefined) {
    throw new SluiceError('CONFIG_INVALID', `There is no app: ${folder} has no folder with .graphql files`, {
      hint: 'Write the SDL of your API as schema/<app>/*.graphql.',
    });
  }
  if (others.length > 0) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `There are ${names.length} apps in ${folder}: ${names.join(', ')}`,
      {
        hint: 'Keep one of these folders; a project serves one app.',
      },
    );
  }
  return name;
}

function listSdl(root: string, appName: string): string[] {
  return readdirSync(join(root, 'schema', appName), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.graphql'))
    .map((name) => ['schema', appName, ...name.split(/[\\/]/)].join('/'))
    .sort();
}
