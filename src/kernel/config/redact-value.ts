import type { Setting } from './setting.js';

const MAX_SHOWN_CHARACTERS = 80;

/** How a setting's text may be shown: quoted, bounded in length, without what is secret in it. */
export function redactValue(text: string, secret: Setting<unknown>['secret']): string {
  if (secret === 'value') return `a secret of ${text.length} characters`;
  const shown = secret === 'password' ? redactPassword(text) : text;
  const bounded = shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
  return JSON.stringify(bounded);
}

/** A URL, or what was meant to be one, with `***` in the place of its password. */
export function redactPassword(url: string): string {
  // By pattern, not by the URL parser: a mistyped URL must not show its password either. Passwords may
  // hold an unescaped "@" or "/", so everything up to the last "@" goes.
  return url
    .replace(/(:\/\/[^:@/?#]*):.*@/, '$1:***@')
    .replace(/([?&](?:password|sslpassword|sentinelPassword)=)[^&#]*/gi, '$1***');
}
