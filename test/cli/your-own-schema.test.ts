import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { copyProject, type ProjectCopy } from './project-copy.js';
import { cleanEnvironment, runBootstrap } from './run-bootstrap.js';
import { type SpawnedStart, spawnStart } from './spawned-start.js';

// Generates and builds twice, and makes a database.
jest.setTimeout(180_000);

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/your-own-schema.md'), 'utf8');

interface Block {
  readonly language: string;
  /** The file that it is, where the page says so. */
  readonly file: string | null;
  readonly isChange: boolean;
  readonly text: string;
}

/** The page's fenced blocks under each numbered heading. */
function readSteps(): Map<number, Block[]> {
  const steps = new Map<number, Block[]>();
  for (const section of PAGE.split(/^## /m).slice(1)) {
    const blocks = [...section.matchAll(/^```(\w+) ?([^\n]*)\n([\s\S]*?)^```$/gm)].map(
      ([, language = '', title = '', text = '']): Block => ({
        language,
        file: title === '' ? null : title.replace(' (changed)', ''),
        isChange: title.endsWith('(changed)'),
        text,
      }),
    );
    steps.set(Number.parseInt(section, 10), blocks);
  }
  return steps;
}

describe('docs/your-own-schema.md', () => {
  const steps = readSteps();
  let project: ProjectCopy;
  let server: SpawnedStart | null = null;

  beforeAll(async () => {
    project = await copyProject({ packages: 'linked' });
  });

  afterAll(async () => {
    server?.killHard();
    await server?.ended;
    await project.remove();
  });

  /** Writes the files of a step, or changes them, and gives back its other blocks. */
  function follow(step: number): Block[] {
    const blocks = steps.get(step) ?? [];
    for (const { file, isChange, text } of blocks) {
      if (file === null) continue;
      const path = join(project.root, file);
      mkdirSync(dirname(path), { recursive: true });
      // A changed file is shown to where its old text goes on.
      writeFileSync(
        path,
        isChange ? text + readFileSync(path, 'utf8').split('databaseUrl, onProgress }) {\n')[1] : text,
      );
    }
    return blocks.filter(({ file }) => file === null);
  }

  const shell = (command: string, env: Record<string, string> = {}) =>
    execFileSync('/bin/sh', ['-c', command], {
      cwd: project.root,
      encoding: 'utf8',
      env: { ...cleanEnvironment(), ...env },
    });

  it('has ten steps', () => {
    expect([...steps.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('leads from a clone to an answered query, and names a slip on the way', async () => {
    // The first step is the copy that this test has made.
    shell(follow(2)[0]!.text);
    follow(3);
    const migration = await runBootstrap(project.root, ['cli', 'migrate', 'new', 'init']);
    expect([migration.code, migration.stdout]).toEqual([
      0,
      expect.stringMatching(/prisma\/migrations\/\d{14}_init\/migration\.sql/),
    ]);
    follow(5);

    const checked = await runBootstrap(project.root, ['cli', 'check']);
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringContaining('schema/blog fits the model'),
    ]);
    const slip = join(project.root, 'schema/blog/slip.graphql');
    appendFileSync(slip, 'extend type Author {\n  nmae: String!\n}\n');
    const faulty = await runBootstrap(project.root, ['cli', 'check']);
    expect([faulty.code, faulty.stderr]).toEqual([
      1,
      expect.stringContaining(
        'schema/blog/slip.graphql:2:3 Author.nmae is neither a column nor a relation of model Author'.replace(
          'model ',
          '',
        ),
      ),
    ]);
    expect(faulty.stderr).toContain('(did you mean "name"?)');
    writeFileSync(slip, '');

    follow(7);
    const [, shown] = steps.get(8)!;
    server = await spawnStart(project.root);
    expect(JSON.parse(/^\{"data".*$/m.exec(server.outputs.stdout)![0])).toEqual(JSON.parse(shown!.text));
    server.pressCtrlC();
    await server.ended;
  });

  it('goes on to a mutation', async () => {
    follow(9);
    const [command, answer] = follow(10);
    server = await spawnStart(project.root);
    const host = new URL(server.url).host;
    expect(JSON.parse(shell(command!.text.replace('localhost:4000', host)))).toEqual(
      JSON.parse(answer!.text),
    );
    server.pressCtrlC();
    await server.ended;
    server = null;
  });
});
