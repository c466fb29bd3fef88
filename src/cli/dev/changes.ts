/** A file that was written or removed, relative to the root with slashes. */
export interface FileChange {
  readonly file: string;
  readonly isRemoved: boolean;
}

/** What a batch of changes asks for. */
export interface ChangePlan {
  /** Of `src`, to be compiled. */
  readonly written: readonly string[];
  /** Of `src`, whose output goes. */
  readonly removed: readonly string[];
  readonly isSdlChanged: boolean;
  readonly isPrismaChanged: boolean;
  /** Code that a process loads before it knows the app. */
  readonly isEngineChanged: boolean;
  /** Code of the process that does all this, which only a restart takes in. */
  readonly isSupervisorChanged: boolean;
}

const SUPERVISOR = /^src\/(embedded|cli\/dev|cli\/commands\/dev)/;

export function planChanges(changes: Iterable<FileChange>, appName: string): ChangePlan {
  const all = [...changes];
  const sources = all.filter(({ file }) => file.startsWith('src/') && !file.startsWith('src/generated/'));
  // The generator runs where it is; nothing of it is in `dist`.
  const isGenerator = (file: string): boolean => file.startsWith('src/model/generator/');
  const code = sources.filter(({ file }) => !isGenerator(file) && !file.endsWith('.d.ts'));
  return {
    written: code.filter(({ isRemoved }) => !isRemoved).map(({ file }) => file),
    removed: code.filter(({ isRemoved }) => isRemoved).map(({ file }) => file),
    isSdlChanged: all.some(({ file }) => file.startsWith('schema/')),
    isPrismaChanged: all.some(({ file }) => file.endsWith('.prisma') || isGenerator(file)),
    isEngineChanged: code.some(({ file }) => !file.startsWith(`src/${appName}/`)),
    isSupervisorChanged: code.some(({ file }) => SUPERVISOR.test(file)),
  };
}
