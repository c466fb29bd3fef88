import type { RequestContext } from '../binding/request-context.js';
import type { RequestActivity } from './request-activity.js';

/** What resolvers get, and beside it what the gateway keeps for itself. */
export interface GatewayContext extends RequestContext {
  readonly activity: RequestActivity;
}
