/** Cursors and bounds of the ledger's pages: an event's id, or a delivery's event and place. */
import { encodeTime } from '../../kit/ids.ts';

interface Times {
  readonly since?: number;
  readonly until?: number;
}

/** An id is made when an event is received, by a clock that may be set back: its time and the event's are this close. */
const SLACK_MS = 24 * 3_600_000;

/** Ids of events that can be within the times: from (inclusive) and to (exclusive). */
export function idBounds({ since, until }: Times): { readonly from: string; readonly to: string } {
  return {
    from: since === undefined ? '' : idAt(since - SLACK_MS),
    to: until === undefined ? END : idAt(until + SLACK_MS),
  };
}

function idAt(ms: number): string {
  return `evt_${encodeTime(Math.min(Math.max(0, Math.floor(ms)), 2 ** 48))}`;
}

export interface DeliveryCursor {
  readonly event: string;
  readonly position: number;
}

/** An event's id that sorts behind all others, and one before them. */
const END = '~';
const START = '';

/** A cursor that no page has given stands for the end: nothing comes after it. */
export function eventCursorOf(text: string | undefined): string {
  if (text === undefined) return END;
  return /^evt_[0-9a-z]{26}$/.test(text) ? text : START;
}

export function deliveryCursorOf(text: string | undefined): DeliveryCursor {
  const [event, position] = text?.split(':') ?? [];
  return { event: eventCursorOf(event), position: /^\d{1,9}$/.test(position ?? '') ? Number(position) : 0 };
}

export const textOfCursor = ({ event, position }: DeliveryCursor): string => `${event}:${position}`;

/** Collects conditions with their values. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: unknown[] = [];

  /** `?` in the SQL stands for the value. */
  add(sql: string, value: unknown): void {
    if (value === undefined) return;
    this.values.push(value);
    this.#parts.push(sql.replaceAll('?', `$${this.values.length}`));
  }

  get sql(): string {
    return this.#parts.length === 0 ? 'true' : this.#parts.join(' AND ');
  }
}
