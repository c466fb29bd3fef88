import type { TierDefinition } from '../identity/tiers.js';

/**
 * An app: what `src/<app>/app.ts` exports as its default. All of it is optional, as SDL that binds to models
 * needs no code.
 */
export interface AppDefinition {
  /** Resolvers of what is not bound: by type, then by field. */
  readonly resolvers?: AppResolvers;
  /** The tiers of its callers, from the least trusted, `anonymous`, to the most. Default: `DEFAULT_TIERS`. */
  readonly tiers?: readonly TierDefinition[];
  /** Fills a database that Sluice made itself; never called on any other. */
  readonly seed?: (options: SeedOptions) => Promise<void>;
  /** The first is shown when the server starts, and all are GraphiQL's tabs. */
  readonly examples?: readonly ExampleQuery[];
}

/** Resolver maps and scalars by type name. Codegen's `Resolvers` type fits. */
export type AppResolvers = { readonly [typeName: string]: object | undefined };

/** What an app's seed is called with. */
export interface SeedOptions {
  readonly databaseUrl: string;
  /** How much: 1 is the default, 10 ten times as many rows. */
  readonly scale: number;
  onProgress(step: string, done: number, total: number): void;
}

/** A query worth trying first. */
export interface ExampleQuery {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
}

/** Gives an app's definition its type. */
export function defineApp(app: AppDefinition): AppDefinition {
  return app;
}
