/** What an app may import of Sluice. */
export { parseGlobalId } from './binding/decode-id.js';
export { encodeGlobalId } from './binding/global-id.js';
export type { Connection } from './binding/pagination/connection.js';
export { createKeysetPage, type KeysetPageOptions } from './binding/pagination/keyset-page.js';
export type { PageArguments } from './binding/pagination/page-arguments.js';
export type { RequestContext } from './binding/request-context.js';
export type { PageLimits } from './binding/resolvers.js';
export type { CacheDefinition } from './cache/named-caches.js';
export type { VaryDefinition } from './cache/policy/vary-definition.js';
export {
  type AppDefinition,
  type AppResolvers,
  defineApp,
  type ExampleQuery,
  type LoadViewer,
  type SeedOptions,
} from './gateway/app-definition.js';
export type { LoadedViewer } from './identity/sessions/session-viewers.js';
export type { SignIn } from './identity/sign-in.js';
export { DEFAULT_TIERS, type TierDefinition, type TierWindow } from './identity/tiers.js';
export { ANONYMOUS, type Viewer } from './identity/viewer.js';
export type {
  BatchOutcome,
  BatchRun,
  JobDefinition,
  JobRun,
  RunSql,
  ThreadTask,
} from './jobs/job-definition.js';
export type { RollupDefinition } from './jobs/rollups/rollup-definition.js';
export type { ScheduleDefinition } from './jobs/schedule-definition.js';
export type { ErrorCode } from './kernel/error-codes.js';
export { badUserInput, SluiceError, type SluiceErrorOptions } from './kernel/sluice-error.js';
export type { Key, Row, RowValue } from './reads/row.js';
export type { Logger } from './telemetry/logger.js';
