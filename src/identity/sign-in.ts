import { SluiceError } from '../kernel/sluice-error.js';
import type { Viewer } from './viewer.js';

/**
 * Lets resolvers sign a browser in and out. Sluice has no passwords: whether somebody is who they say is for the app to
 * find out before.
 */
export interface SignIn {
  /**
   * Begins a session of this viewer in the browser that asks, and ends the one that it had. What they may do is what
   * the app's `loadViewer` says, now and on each later request; `context.viewer` stays who it was.
   *
   * @throws SluiceError `UNAUTHENTICATED` where `loadViewer` knows nobody of this id, `SESSIONS_OFF`,
   *   `IDENTITY_UNAVAILABLE`
   */
  signIn(viewer: { readonly id: string }): Promise<Viewer>;
  /** Ends the session of the browser that asks; does nothing where there is none. @throws SluiceError as `signIn` */
  signOut(): Promise<void>;
}

/** For a server without sessions. */
export function createAbsentSignIn(reason: string): SignIn {
  const refuse = async (): Promise<never> => {
    throw new SluiceError('SESSIONS_OFF', `There are no browser sessions: ${reason}`);
  };
  return Object.freeze({ signIn: refuse, signOut: refuse });
}
