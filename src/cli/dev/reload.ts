import { settleAll } from '../settle-all.js';
import type { Terminal } from '../terminal.js';
import { type ChangePlan, type FileChange, planChanges } from './changes.js';
import { CompileFault, compileSource, removeCompiled } from './compile-source.js';
import { forgetSteps, GenerateFault, generateModel, generateResolverTypes } from './generate-sources.js';
import type { ServerWorker } from './server-worker.js';
import { findTypeFaults } from './typecheck.js';

export interface ReloaderOptions {
  readonly root: string;
  readonly appName: string;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  fork(): ServerWorker;
  /** Tells a worker to serve; whether it does. */
  serve(worker: ServerWorker): Promise<boolean>;
}

/**
 * Brings edits into service. Whoever serves goes on doing so until its successor listens, so a fault costs
 * nothing but a message.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  #current: ServerWorker | null = null;
  /** Has loaded the engine and waits for the next edit, which so takes half the time. */
  #spare: ServerWorker | null = null;
  readonly #leaving = new Set<Promise<void>>();
  #checking: AbortController | null = null;
  #isStopping = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Starts the first server; whether it listens. */
  async start(): Promise<boolean> {
    const isServing = await this.#replace(this.#options.fork());
    this.#spare = this.#options.fork();
    return isServing;
  }

  async apply(changes: readonly FileChange[]): Promise<void> {
    const { root, terminal, appName } = this.#options;
    const { green, yellow } = terminal.colors;
    const begunMs = performance.now();
    const plan = planChanges(changes, appName);
    if (plan.isEngineChanged) await this.#dropSpare();
    forgetSteps(root, 'build');
    if (!(await this.#compile(plan))) return;
    const next = this.#spare ?? this.#options.fork();
    this.#spare = null;
    if (await this.#replace(next)) {
      const names = changes.map(({ file }) => file);
      const shown =
        names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
      terminal.note(`${green('✓')} ${shown}: in service after ${Math.round(performance.now() - begunMs)} ms`);
      if (plan.isSupervisorChanged)
        terminal.note(`${yellow('!')} Restart npm run dev to take this in as a whole.`);
    } else {
      this.#tellUnmended();
    }
    this.#spare ??= this.#options.fork();
    void this.#check(plan);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#checking?.abort();
    await Promise.all([this.#current?.stop(), this.#dropSpare(), ...this.#leaving]);
  }

  async #dropSpare(): Promise<void> {
    const spare = this.#spare;
    this.#spare = null;
    await spare?.stop();
  }

  async #compile(plan: ChangePlan): Promise<boolean> {
    const { root, env, terminal } = this.#options;
    try {
      for (const file of plan.removed) removeCompiled(root, file);
      // Each is tried, whatever becomes of the others: the edit that mends one brings no other.
      await settleAll(plan.written.map((file) => compileSource(root, file)));
      if (plan.isPrismaChanged) await generateModel(root, env);
      return true;
    } catch (error) {
      if (!(error instanceof CompileFault || error instanceof GenerateFault)) throw error;
      terminal.note(`${terminal.colors.red('✗')} ${error.message}`);
      this.#tellUnmended();
      return false;
    }
  }

  async #replace(next: ServerWorker): Promise<boolean> {
    if (!(await this.#options.serve(next))) {
      await next.stop();
      return false;
    }
    // In its own time: requests in flight may take a while, the next edit needn't wait for them.
    if (this.#current !== null) this.#leave(this.#current);
    this.#current = next;
    void next.ended.then(() => this.#noticeEnd(next));
    return true;
  }

  #leave(worker: ServerWorker): void {
    const leaving = worker.stop().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #noticeEnd(worker: ServerWorker): void {
    if (this.#current !== worker || this.#isStopping) return;
    this.#current = null;
    this.#options.terminal.note(`${this.#options.terminal.colors.red('✗')} The server ended by itself.`);
    this.#tellUnmended();
  }

  #tellUnmended(): void {
    const text =
      this.#current === null ? 'Waiting for an edit that mends it.' : 'The server before this edit goes on.';
    this.#options.terminal.note(`  ${this.#options.terminal.colors.dim(text)}`);
  }

  /** Types are looked at behind the server's back: they change nothing about what it does. */
  async #check(plan: ChangePlan): Promise<void> {
    const { root, env, terminal } = this.#options;
    this.#checking?.abort();
    const checking = new AbortController();
    this.#checking = checking;
    try {
      if (plan.isSdlChanged || plan.isPrismaChanged) await generateResolverTypes(root, env);
      const faults = await findTypeFaults(root, { env, signal: checking.signal });
      if (checking.signal.aborted || faults.length === 0) return;
      terminal.note(
        `${terminal.colors.red('✗')} Types don't fit:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      );
    } catch (error) {
      if (checking.signal.aborted) return;
      terminal.note(`${terminal.colors.red('✗')} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
