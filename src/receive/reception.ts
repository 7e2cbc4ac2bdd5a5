/** Between inbox and door: what became of a request, and which refusal that is where nothing was stored. */
import type { FieldProblem } from '../model/event.ts';
import { type Refusal, refusal } from './refusal.ts';

export type Reception = Stored | NotStored;

/** Answered 2xx. */
export type Stored =
  | { readonly kind: 'accepted'; readonly id: string }
  /** The event was stored before; `id` is the first one's. */
  | { readonly kind: 'duplicate'; readonly id: string }
  | { readonly kind: 'ignored'; readonly id: string; readonly type: string };

export type NotStored =
  | { readonly kind: 'malformed'; readonly code: string; readonly message: string }
  | { readonly kind: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly kind: 'unavailable'; readonly retryAfterS: number };

/** The same, with what was not stored as the refusal that its sender gets. */
export function storedOrRefused(reception: Reception): Stored | Refusal {
  switch (reception.kind) {
    case 'accepted':
    case 'duplicate':
    case 'ignored':
      return reception;
    case 'malformed':
      return { kind: 'refusal', status: 400, code: reception.code, message: reception.message };
    case 'invalid':
      return refusal('EVENT_INVALID', 'the payload has wrong or missing fields', { problems: reception.problems });
    case 'unavailable':
      return refusal('STORE_UNAVAILABLE', 'events cannot be stored at the moment', {
        retryAfterS: reception.retryAfterS,
      });
  }
}
