/** The answers of the subscription API: documented shapes on success, `{ec, msg}` with a real status otherwise. */
import type { Context } from 'koa';
import { eventsOf, type Subscriber } from './subscriber.ts';

export type Answer = Given | Refused;

export interface Given {
  readonly kind: 'given';
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 500 | 503;
  /** Stable, for the log and the metrics. */
  readonly code: string;
  readonly message: string;
  /** The methods of the path, where the status is 405. */
  readonly allow?: string;
}

export function given(body: Readonly<Record<string, unknown>>): Given {
  return { kind: 'given', body };
}

export function refused(status: Refused['status'], code: string, message: string): Refused {
  return { kind: 'refused', status, code, message };
}

/** `{"id":"123456","uri":"http://webhook.com","event":["channel_live"]}`; one that is switched off gets no event and lists none. */
export function webhookOf(subscriber: Subscriber, eventTypes: readonly string[]): Readonly<Record<string, unknown>> {
  return { id: subscriber.id, uri: subscriber.uri, event: eventsOf(subscriber, eventTypes) };
}

const RETRY_AFTER_S = '5';

export function write(ctx: Context, answer: Answer): void {
  ctx.set('cache-control', 'no-store');
  if (answer.kind === 'given') {
    ctx.status = 200;
    ctx.body = answer.body;
    return;
  }
  const { status, message, allow } = answer;
  ctx.status = status;
  if (status === 401) ctx.set('www-authenticate', 'Basic realm="dragoman", charset="UTF-8"');
  if (status === 413) ctx.set('connection', 'close');
  if (status === 503) ctx.set('retry-after', RETRY_AFTER_S);
  if (allow !== undefined) ctx.set('allow', allow);
  // The documentation gives no numbers of its own for `ec`; 0 is what a wrapped success carries.
  ctx.body = { ec: status, msg: message };
}
