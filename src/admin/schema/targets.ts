/** The admin API's targets: how each of them is, and what an operator may do to it. */
import Type from 'typebox';
import { body, count, instant, oneOf, orNull, reason, record, type Shape, text } from './parts.ts';

export const TARGET_STATES = ['running', 'disabled', 'stopped', 'paused'] as const;
export const targetState = oneOf(TARGET_STATES, {
  description:
    '`disabled` by the configuration; `stopped`: it said that it is gone (410); `paused` by an operator or, until `paused_until`, by the target itself.',
});
export const breakerState = oneOf(['closed', 'open', 'probing']);

export const target = record(
  {
    name: Type.String(),
    format: Type.String(),
    kind: oneOf(['configured', 'subscriber']),
    url: text('Without credentials; values in its query are `***`.'),
    inspector: orNull(text('The name of the built-in inspector that it is, else null.')),
    state: targetState,
    breaker: breakerState,
    paused_until: orNull(instant('When the pause ends by itself.')),
    in_flight: count('Requests under way.'),
    held: count('Deliveries that this relay holds in memory for it.'),
    waiting: count('Deliveries that wait, those held included.'),
    oldest_waiting_at: orNull(instant('When the oldest waiting delivery was made.')),
    rate: Type.Number({ minimum: 0, description: 'Requests a second, over the last 10 to 20 seconds.' }),
    last_error: orNull(record({ code: Type.String(), message: Type.String(), at: instant() })),
    concurrency: Type.Integer({ minimum: 1 }),
    rate_limit: orNull(record({ count: Type.Number(), per_ms: Type.Number() })),
    order_by: orNull(Type.String()),
    signed: Type.Boolean({ description: 'True where its requests carry a Standard Webhooks signature.' }),
    last_hour: record({ delivered: count(), failed: count('Attempts that failed.'), dead: count() }),
  },
  { title: 'Target' },
);
export type Target = Shape<typeof target>;

export const targetList = record({ items: Type.Array(target) }, { title: 'TargetList' });
export type TargetList = Shape<typeof targetList>;

export const pingResult = record(
  {
    url: text('What was dialled, without credentials.'),
    method: Type.String(),
    reached: Type.Boolean({ description: 'True where there was an HTTP answer, whatever its status.' }),
    status: orNull(Type.Integer()),
    duration_ms: Type.Number(),
    error: orNull(reason),
    body: orNull(body),
  },
  { title: 'PingResult', description: 'What a HEAD request of the target gave: it reaches it and asks for nothing.' },
);
export type PingResult = Shape<typeof pingResult>;
