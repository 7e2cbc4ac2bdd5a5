/** The admin API's overview: the flow of the last minutes, its curves over an hour, and the ledger. */
import Type from 'typebox';
import { count, DELIVERY_STATES, instant, orNull, record, type Shape, text } from './parts.ts';
import { breakerState, targetState } from './targets.ts';

const perMinute = (description: string) =>
  Type.Number({ minimum: 0, description: `${description}, a minute, over the last five.` });
const byState = (description: string) =>
  record(
    Object.fromEntries(DELIVERY_STATES.map((state) => [state, count()])) as Record<
      (typeof DELIVERY_STATES)[number],
      ReturnType<typeof count>
    >,
    { description },
  );

export const ledger = record(
  {
    accepted: count('Events stored: unmatched, ignored and those with deliveries together.'),
    unmatched: count(),
    ignored: count(),
    events: byState(
      'Events with deliveries, each once: under the first of waiting, dead, expired, delivered, dropped that one of its deliveries is in.',
    ),
    deliveries: byState('Deliveries by state.'),
    pruned: count('Events that retention has deleted; they stay counted.'),
    problems: Type.Array(Type.String(), {
      description: 'What does not add up; empty where every event is accounted for.',
    }),
  },
  { title: 'Ledger' },
);
export type Ledger = Shape<typeof ledger>;

export const flow = record(
  {
    sources: Type.Array(
      record({
        name: Type.String(),
        format: Type.String(),
        path: Type.String(),
        enabled: Type.Boolean(),
        accepted: perMinute('Events stored'),
        refused: perMinute('Requests refused'),
        last_event_at: orNull(instant('Null where none came since the relay started.')),
      }),
    ),
    rules: Type.Array(
      record({
        name: Type.String(),
        enabled: Type.Boolean(),
        sources: Type.Array(Type.String()),
        targets: Type.Array(Type.String({ description: 'Names of targets, or `subscribers`.' })),
        matched: perMinute('Events that matched'),
        failed: perMinute('Deliveries that died or could not be translated'),
      }),
    ),
    targets: Type.Array(
      record({
        name: Type.String(),
        format: Type.String(),
        state: targetState,
        breaker: breakerState,
        waiting: count(),
        delivered: perMinute('Deliveries that arrived'),
        failed: perMinute('Attempts that failed'),
      }),
    ),
    links: Type.Array(
      record({
        from: text('`source/bsr` or `rule/NAME`'),
        to: text('`rule/NAME` or `target/NAME`'),
        events: perMinute('Events, or deliveries made'),
        failed: perMinute('Failures on the way'),
      }),
      { description: 'Every line of the picture, those without traffic included.' },
    ),
  },
  { title: 'Flow' },
);
export type Flow = Shape<typeof flow>;

const curve = (description: string) => Type.Array(Type.Number(), { description });
const latency = (description: string) => Type.Array(orNull(Type.Number()), { description });

export const series = record(
  {
    from: instant('The beginning of the first step.'),
    step_seconds: Type.Integer({ minimum: 1 }),
    accepted: curve('Events stored in each step; the last step is still under way.'),
    refused: curve('Requests refused.'),
    delivered: curve('Deliveries that arrived.'),
    failed: curve('Attempts that failed.'),
    dead: curve('Deliveries that died.'),
    latency_p50_ms: latency('From receipt to arrival, the median; null where nothing arrived.'),
    latency_p95_ms: latency('The same, the 95th percentile.'),
    ack_p95_ms: latency("From a request to the relay's answer, the 95th percentile."),
  },
  {
    title: 'Series',
    description: 'The last hour, kept in memory since the relay started: all curves have the same length.',
  },
);
export type Series = Shape<typeof series>;

export const overview = record(
  {
    relay: record({
      version: Type.String(),
      started_at: instant(),
      now: instant("The relay's clock."),
      store: Type.String({ description: '`sqlite` or `postgres`' }),
      server_url: Type.String(),
      config: text('The name of its configuration file.'),
      ready: Type.Boolean(),
      problems: Type.Array(Type.String(), { description: 'Why it is not ready.' }),
    }),
    flow,
    series,
    waiting: record({ deliveries: count(), oldest_at: orNull(instant()) }),
    waiting_for_gone: Type.Array(
      record({
        target: Type.String(),
        waiting: count(),
        oldest_at: instant('When the oldest of them was made.'),
      }),
      {
        description:
          'Deliveries that wait for targets that the configuration no longer has: until it has them again, or until retention ends them. Most first.',
      },
    ),
    dead: count('Dead letters.'),
    ledger,
    alarms: Type.Array(
      record({
        name: Type.String(),
        about: text('What it is about: a source, a target, a key.'),
        since: instant(),
        message: Type.String(),
      }),
      { description: 'Alarms that are on.' },
    ),
  },
  { title: 'Overview' },
);
export type Overview = Shape<typeof overview>;
