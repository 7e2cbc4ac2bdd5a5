/** The names under which rules and mappings reach into an event. */
import type { EventScope } from './event.ts';

export const SCOPE_ROOTS = [
  'event',
  'data',
  'raw',
  'request',
  'params',
] as const satisfies readonly (keyof EventScope)[];

/** Any of them, as part of a regular expression. */
export const SCOPE_ROOT = `(?:${SCOPE_ROOTS.join('|')})`;
