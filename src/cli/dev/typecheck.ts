import { runTool } from './run-tool.js';

const FAULT = /^(.+)\((\d+),(\d+)\): error TS\d+: (.*)$/;

/** What the type checker finds wrong, as `src/app/app.ts:3:5 message`, line by line. */
export async function findTypeFaults(
  root: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const args = [
    'node_modules/typescript/bin/tsc',
    '-p',
    'tsconfig.build.json',
    '--noEmit',
    '--pretty',
    'false',
  ];
  const { code, output } = await runTool(root, args, options);
  if (code === 0) return [];
  const faults = output.split('\n').flatMap((line) => {
    const found = FAULT.exec(line);
    return found === null ? [] : [`${found[1]}:${found[2]}:${found[3]} ${found[4]}`];
  });
  return faults.length > 0 ? faults : [output.trim()];
}
