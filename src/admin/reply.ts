/** What a handler of the admin API answers: a body, or why not. */
import type { FieldProblem } from './schema/parts.ts';

export type Reply<T = unknown> =
  | { readonly kind: 'answer'; readonly body: T; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'empty' }
  /** The handler writes the response itself. */
  | { readonly kind: 'stream' }
  | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly problems?: readonly FieldProblem[];
}

export function answer<T>(body: T): Reply<T> {
  return { kind: 'answer', body };
}

export function refuse(status: number, code: string, message: string): Refused {
  return { kind: 'refused', status, code, message };
}

export function unknown(what: 'event' | 'delivery' | 'target' | 'mapping', name: string): Refused {
  return refuse(404, `${what.toUpperCase()}_UNKNOWN`, `there is no ${what} "${name}"`);
}
