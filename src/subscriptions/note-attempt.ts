/** Decides what a try tells about a subscriber: that it is well, that it fails, or that it is to be switched off. Pure. */
import { formatDuration } from '../kit/duration.ts';
import type { Subscriber } from './subscriber.ts';

export interface AttemptNote {
  /** When it ended, epoch milliseconds. */
  readonly at: number;
  readonly durationMs: number;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly outcome: string;
  /** Stable code of the failure. */
  readonly code: string;
}

/** The subscriber as it is after the try: the same object where the try changes nothing. */
export function noteAttempt(subscriber: Subscriber, note: AttemptNote, switchOffAfterMs: number): Subscriber {
  const startedAt = note.at - note.durationMs;
  // A try that began before an update says nothing about the subscriber as it is now.
  if (subscriber.off || startedAt < subscriber.updatedAt || note.code === 'STOPPED') return subscriber;
  if (note.outcome === 'delivered') {
    return subscriber.failingSince === null ? subscriber : { ...subscriber, failingSince: null };
  }
  const failingSince = subscriber.failingSince ?? note.at;
  if (note.status === 410) {
    const off = { at: note.at, code: 'HTTP_410', message: 'it answered 410: it wants nothing more' };
    return { ...subscriber, failingSince, off };
  }
  const failingMs = note.at - failingSince;
  if (failingMs >= switchOffAfterMs) {
    const message = `it has failed for ${formatDuration(failingMs)}; the last: ${note.code}`;
    return { ...subscriber, failingSince, off: { at: note.at, code: 'FAILED_TOO_LONG', message } };
  }
  return subscriber.failingSince === null ? { ...subscriber, failingSince } : subscriber;
}
