import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { planChanges } from '../../src/cli/dev/changes.js';
import { compileSource, removeCompiled } from '../../src/cli/dev/compile-source.js';
import type { FromServer, ToServer } from '../../src/cli/dev/messages.js';
import { Reloader } from '../../src/cli/dev/reload.js';
import { runWorker } from '../../src/cli/dev/run-worker.js';
import type { ServerWorker } from '../../src/cli/dev/server-worker.js';
import { watchFiles } from '../../src/cli/dev/watch-files.js';
import { createShopDatabase } from '../shop/shop-database.js';
import { CODE_DIRECTORY, type LinkedProject, linkProject } from './linked-project.js';
import { createRecordingTerminal } from './recording-terminal.js';

// Prisma's command line and the type checker take seconds on a busy machine.
jest.setTimeout(60_000);

let project: LinkedProject;
beforeEach(async () => {
  project = await linkProject({ copied: ['schema', 'prisma'] });
});
afterEach(() => project.remove());

const inRoot = (file: string): string => join(project.root, file);
const written = (file: string) => ({ file, isRemoved: false });

describe('Changes', () => {
  it('of SDL ask for no compiling', () => {
    expect(planChanges([written('schema/zoo/animal.graphql')], 'zoo')).toEqual({
      written: [],
      removed: [],
      isSdlChanged: true,
      isPrismaChanged: false,
      isEngineChanged: false,
      isSupervisorChanged: false,
    });
  });

  it('of the app’s code leave the engine as it was loaded', () => {
    const plan = planChanges([written('src/zoo/app.ts'), { file: 'src/zoo/old.ts', isRemoved: true }], 'zoo');
    expect(plan).toMatchObject({
      written: ['src/zoo/app.ts'],
      removed: ['src/zoo/old.ts'],
      isEngineChanged: false,
    });
  });

  it('of the model, its migrations and its generator are told apart', () => {
    expect(planChanges([written('prisma/schema.prisma')], 'zoo').isPrismaChanged).toBe(true);
    expect(planChanges([written('src/model/generator/relations.mjs')], 'zoo')).toMatchObject({
      written: [],
      isPrismaChanged: true,
    });
    expect(planChanges([written('prisma/migrations/1_init/migration.sql')], 'zoo').isPrismaChanged).toBe(
      false,
    );
  });

  it('of the engine ask for a new process, those of the supervisor for a new start', () => {
    expect(planChanges([written('src/reads/row.ts')], 'zoo')).toMatchObject({
      isEngineChanged: true,
      isSupervisorChanged: false,
    });
    expect(planChanges([written('src/cli/dev/reload.ts')], 'zoo').isSupervisorChanged).toBe(true);
  });
});

describe('Compiling one file', () => {
  it('writes JavaScript with a map that leads back to it', async () => {
    project.write('src/zoo/app.ts', 'export const legs: number = 4;\n');
    await compileSource(project.root, 'src/zoo/app.ts');
    const code = readFileSync(inRoot('dist/zoo/app.js'), 'utf8');
    expect(code).toMatch(/export const legs = 4;\n[\s\S]*\/\/# sourceMappingURL=app\.js\.map\n$/);
    expect(JSON.parse(readFileSync(inRoot('dist/zoo/app.js.map'), 'utf8')).sources).toEqual([
      '../../src/zoo/app.ts',
    ]);
  });

  it('copies what is no code, and removes what is gone', async () => {
    project.write('src/zoo/query.sql', 'SELECT 1');
    await compileSource(project.root, 'src/zoo/query.sql');
    expect(readFileSync(inRoot('dist/zoo/query.sql'), 'utf8')).toBe('SELECT 1');
    removeCompiled(project.root, 'src/zoo/query.sql');
    expect(existsSync(inRoot('dist/zoo/query.sql'))).toBe(false);
  });

  it('says in which line it is no TypeScript', async () => {
    project.write('src/zoo/app.ts', 'export const one = 1;\nexport const two = ;\n');
    await expect(compileSource(project.root, 'src/zoo/app.ts')).rejects.toMatchObject({
      name: 'CompileFault',
      message: 'src/zoo/app.ts:2 Expression expected',
    });
  });
});

describe('Watching', () => {
  it('tells of files that are written, added and removed, in batches, until it is closed', async () => {
    project.write('src/zoo/app.ts', '');
    const watch = await watchFiles(project.root);
    writeFileSync(inRoot('src/zoo/app.ts'), 'export {};');
    expect(await watch.next()).toEqual([written('src/zoo/app.ts')]);
    const [query] = ['schema/shop/query.graphql'];
    rmSync(inRoot(query!));
    expect(await watch.next()).toEqual([{ file: query, isRemoved: true }]);
    project.write('src/generated/graphql.ts', '');
    project.write('schema/shop/.query.graphql.swp', '');
    project.write('schema/shop/added.graphql', '');
    expect(await watch.next()).toEqual([written('schema/shop/added.graphql')]);
    const last = watch.next();
    await watch.close();
    expect(await last).toBeNull();
  });
});

/** A worker that serves, or refuses to, as a test says. */
class FakeWorker implements ServerWorker {
  isStopped = false;
  end: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  constructor(private readonly answers: () => boolean) {}

  async serve(): Promise<boolean> {
    return this.answers();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.end();
  }
}

describe('Reloading', () => {
  function createReloader() {
    const workers: FakeWorker[] = [];
    const terminal = createRecordingTerminal();
    const state = { isSound: true };
    const reloader = new Reloader({
      root: project.root,
      appName: 'shop',
      env: process.env,
      terminal,
      fork() {
        const worker = new FakeWorker(() => state.isSound);
        workers.push(worker);
        return worker;
      },
      serve: (worker) =>
        worker.serve({ kind: 'serve', database: {} as never, redis: {} as never, announce: null }),
    });
    const stopped = () => workers.map(({ isStopped }) => isStopped);
    return { reloader, workers, terminal, state, stopped };
  }

  it('hands over to a process that has loaded the engine already', async () => {
    const { reloader, terminal, stopped } = createReloader();
    expect(await reloader.start()).toBe(true);
    expect(stopped()).toEqual([false, false]);
    await reloader.apply([written('schema/shop/query.graphql')]);
    expect(stopped()).toEqual([true, false, false]);
    expect(terminal.notes).toMatch(/^✓ schema\/shop\/query\.graphql: in service after \d+ ms\n$/);
    await reloader.stop();
    expect(stopped()).toEqual([true, true, true]);
  });

  it('lets the last server go on where the next one does not start', async () => {
    const { reloader, terminal, state, stopped } = createReloader();
    await reloader.start();
    state.isSound = false;
    await reloader.apply([written('schema/shop/query.graphql')]);
    expect(stopped()).toEqual([false, true, false]);
    expect(terminal.notes).toBe('  The server before this edit goes on.\n');
    state.isSound = true;
    await reloader.apply([written('schema/shop/query.graphql')]);
    expect(stopped()).toEqual([true, true, false, false]);
    await reloader.stop();
  });

  it('tells a fault in code with its place, and keeps serving', async () => {
    const { reloader, terminal, stopped } = createReloader();
    await reloader.start();
    project.write('src/shop/bad.ts', 'export const = 1;\n');
    project.write('src/shop/good.ts', 'export const good = 1;\n');
    await reloader.apply([written('src/shop/bad.ts'), written('src/shop/good.ts')]);
    expect(terminal.notes).toMatch(
      /^✗ src\/shop\/bad\.ts:1 .*\n {2}The server before this edit goes on\.\n$/,
    );
    expect(stopped()).toEqual([false, false]);
    expect(existsSync(inRoot('dist/shop/good.js'))).toBe(true);
    await reloader.stop();
  });

  it('waits for an edit where the first server does not start', async () => {
    const { reloader, terminal, state } = createReloader();
    state.isSound = false;
    expect(await reloader.start()).toBe(false);
    await reloader.apply([written('schema/shop/query.graphql')]);
    expect(terminal.notes).toContain('Waiting for an edit that mends it.');
    await reloader.stop();
  });

  it('loads a changed engine anew', async () => {
    const { reloader, workers, stopped } = createReloader();
    project.write('src/reads/row.ts', 'export {};\n');
    await reloader.start();
    await reloader.apply([written('src/reads/row.ts')]);
    expect(stopped()).toEqual([true, true, false, false]);
    expect(workers).toHaveLength(4);
    await reloader.stop();
  });

  it('notices a server that ends by itself', async () => {
    const { reloader, workers, terminal } = createReloader();
    await reloader.start();
    workers[0]!.end();
    await terminal.waitFor('The server ended by itself.');
    await reloader.stop();
  });

  it('tells faults of types behind the server’s back', async () => {
    const { reloader, terminal } = createReloader();
    project.write(
      'tsconfig.build.json',
      JSON.stringify({ compilerOptions: { strict: true, rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    );
    project.write('src/shop/app.ts', 'const price = 1;\nexport const total: string = prise;\n');
    await reloader.start();
    await reloader.apply([written('src/shop/app.ts')]);
    await terminal.waitFor(
      "Types don't fit:\n  src/shop/app.ts:2:30 Cannot find name 'prise'. Did you mean 'price'?",
    );
    await reloader.stop();
  });

  it('generates what an edit of the model asks for, and tells its faults', async () => {
    const { reloader, terminal } = createReloader();
    const file = 'prisma/schema.prisma';
    const sound = readFileSync(inRoot(file), 'utf8');
    mkdirSync(inRoot('src/model'), { recursive: true });
    symlinkSync(join(CODE_DIRECTORY, 'model/generator'), inRoot('src/model/generator'));
    await reloader.start();
    project.write(file, sound.replace(/^model Category \{/m, '$&\n  motto Strin?'));
    await reloader.apply([written(file)]);
    expect(terminal.notes).toMatch(/prisma\/schema\.prisma:\d+[\s\S]*The server before this edit goes on/);
    project.write(file, sound.replace(/^model Category \{/m, '$&\n  motto String?'));
    await reloader.apply([written(file)]);
    expect(terminal.notes).toContain('✓ prisma/schema.prisma: in service');
    expect(readFileSync(inRoot('dist/generated/model-graph.json'), 'utf8')).toContain('"motto"');
    expect(existsSync(inRoot('dist/generated/prisma/client.js'))).toBe(true);
    await reloader.stop();
  });
});

describe('A serving process', () => {
  class FakeChannel extends EventEmitter {
    readonly sent: FromServer[] = [];

    send(message: FromServer): void {
      this.sent.push(message);
      this.emit('sent', message);
    }

    tell(message: ToServer): void {
      this.emit('message', message);
    }

    waitFor(kind: FromServer['kind']): Promise<FromServer> {
      return new Promise((resolve) => {
        const look = () => {
          const found = this.sent.find((message) => message.kind === kind);
          if (found !== undefined) resolve(found);
        };
        this.on('sent', look);
        look();
      });
    }
  }

  function run(channel: FakeChannel) {
    const terminal = createRecordingTerminal();
    const env = { PORT: '0', SLUICE_HTTP_GRAPHIQL: 'off' };
    const ended = runWorker({ root: project.root, env, channel, terminal, codeDirectory: CODE_DIRECTORY });
    return { terminal, ended };
  }

  const redis = { url: null, description: 'none' };

  it('is ready, serves when told, and ends when told', async () => {
    const database = await createShopDatabase();
    try {
      const channel = new FakeChannel();
      const { terminal, ended } = run(channel);
      await channel.waitFor('ready');
      channel.tell({
        kind: 'serve',
        database: { adminUrl: null, url: database.url, description: 'a database' },
        redis,
        announce: { startedInMs: 1, graphiql: null },
      });
      const message = (await channel.waitFor('listening')) as Extract<FromServer, { kind: 'listening' }>;
      expect((await fetch(`${message.url}/livez`)).status).toBe(200);
      expect(terminal.output).toContain('Database  a database');
      channel.tell({ kind: 'stop' });
      await ended;
      await expect(fetch(message.url)).rejects.toThrow();
    } finally {
      await database.drop();
    }
  });

  it('tells faults and goes on waiting', async () => {
    project.write('schema/shop/faulty.graphql', 'extend type Product { nmae: String! }\n');
    const database = await createShopDatabase();
    try {
      const channel = new FakeChannel();
      const { terminal, ended } = run(channel);
      channel.tell({
        kind: 'serve',
        database: { adminUrl: null, url: database.url, description: 'a database' },
        redis,
        announce: null,
      });
      await channel.waitFor('failed');
      expect(terminal.notes).toMatch(/schema\/shop\/faulty\.graphql:1:\d+ Product\.nmae/);
      channel.emit('disconnect');
      await ended;
    } finally {
      await database.drop();
    }
  });
});
