import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileSource } from './compile-source.js';
import { runTool } from './run-tool.js';

/** Generating failed; the message is what the generator says. */
export class GenerateFault extends Error {
  override readonly name = 'GenerateFault';
}

/** What the steps of scripts/bootstrap.mjs remember of their last success. */
export type Step = 'prisma' | 'graphql' | 'build';

/**
 * Lets the next start do these steps again. Their memory is of other sources than those that outputs are made
 * from while developing, and would fit again, wrongly, if an edit were taken back.
 */
export function forgetSteps(root: string, ...steps: Step[]): void {
  for (const step of steps) rmSync(join(root, '.sluice/stamps', step), { force: true });
}

/**
 * Generates Prisma Client and model graph, and puts them where the server loads them from.
 *
 * @throws GenerateFault with the fault's place in the Prisma schema
 */
export async function generateModel(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  forgetSteps(root, 'prisma', 'graphql', 'build');
  await run(root, ['node_modules/prisma/build/index.js', 'generate', '--no-hints'], {
    ...env,
    // Naming any file keeps Prisma from downloading an engine that generating doesn't use.
    PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'scripts/prisma/schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  });
  const files = readdirSync(join(root, 'src/generated'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(ts|json)$/.test(name),
  );
  await Promise.all(files.map((name) => compileSource(root, `src/generated/${name.replaceAll('\\', '/')}`)));
}

/**
 * Generates the types of resolvers.
 *
 * @throws GenerateFault
 */
export async function generateResolverTypes(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  forgetSteps(root, 'graphql');
  await run(root, ['scripts/generate-graphql-types.mjs'], env);
}

async function run(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runTool(root, args, { env });
  if (code === 0) return;
  throw new GenerateFault(
    output.replaceAll(/^(Loaded Prisma config|Prisma schema loaded)[^\n]*\n+/gm, '').trim(),
  );
}
