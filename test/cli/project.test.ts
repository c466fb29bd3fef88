import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadPrismaClientClass, loadProject } from '../../src/cli/load-project.js';
import { findProject } from '../../src/cli/project.js';
import { CODE_DIRECTORY, type LinkedProject, linkProject } from './linked-project.js';

let project: LinkedProject;
beforeEach(async () => {
  project = await linkProject({ copied: ['schema'] });
});
afterEach(() => project.remove());

const find = () => findProject({ root: project.root, codeDirectory: CODE_DIRECTORY });

describe('Finding the app', () => {
  it('takes the one folder beside the engine’s, with all its SDL', () => {
    project.write('schema/shop/deep/er.graphql', '');
    const found = find();
    expect(found.appName).toBe('shop');
    expect(found.sdlFiles).toEqual(
      expect.arrayContaining(['schema/shop/deep/er.graphql', 'schema/shop/query.graphql']),
    );
    expect(found.appFile).toBe(join(CODE_DIRECTORY, 'shop/app.ts'));
  });

  it('looks for compiled code in dist', () => {
    const { appFile, modelGraphFile, prismaClientFile } = findProject({ root: project.root });
    expect(appFile).toBeNull();
    expect(modelGraphFile).toBe(join(project.root, 'dist/generated/model-graph.json'));
    expect(prismaClientFile).toBe(join(project.root, 'dist/generated/prisma/client.js'));
  });

  it('names all apps where there are several', () => {
    project.write('schema/blog/blog.graphql', 'type Query { a: Int }');
    expect(find).toThrow(/There are 2 apps in .*schema: blog, shop/);
  });

  it('ignores folders without SDL', () => {
    project.write('schema/notes/readme.md', 'nothing');
    expect(find().appName).toBe('shop');
  });

  it('says where an app is to be written where there is none', () => {
    expect(() => findProject({ root: CODE_DIRECTORY })).toThrow(/There is no app: .*schema has no folder/);
  });
});

describe('Loading the app', () => {
  it('reads SDL, model and code', async () => {
    const { sdl, graph, app } = await loadProject(find());
    expect(sdl.length).toBeGreaterThan(3);
    expect(graph.models.size).toBe(15);
    expect(app.examples?.length).toBeGreaterThan(0);
  });

  it('needs no code', async () => {
    expect((await loadProject({ ...find(), appFile: null })).app).toEqual({});
  });

  it('says that an app exports none', async () => {
    project.write('app.mjs', 'export const app = {};');
    await expect(loadProject({ ...find(), appFile: join(project.root, 'app.mjs') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'src/shop/app.ts exports no app',
    });
  });

  it('says that Prisma Client was not generated', async () => {
    const prismaClientFile = join(project.root, 'none.js');
    expect(existsSync(prismaClientFile)).toBe(false);
    await expect(loadPrismaClientClass({ ...find(), prismaClientFile })).rejects.toMatchObject({
      message: 'There is no Prisma Client: none.js is missing',
    });
  });
});
