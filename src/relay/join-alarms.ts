/** Joins alarms to the rest of the relay: they hear of every stored event, and what they say comes in as an event of the relay's own. */
import { ALARM_OPTIONS } from '../alarms/alarm-event.ts';
import type { FailingTarget } from '../alarms/alarm-ports.ts';
import { type Alarms, createAlarms } from '../alarms/alarms.ts';
import type { Dispatcher } from '../deliver/dispatcher.ts';
import type { Clock } from '../kit/clock.ts';
import { stringifyJson } from '../kit/json.ts';
import type { RawRequest } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { Source } from '../model/source.ts';
import { OWN_SOURCE } from '../model/source.ts';
import { SUBSCRIBERS } from '../model/target.ts';
import type { Plan } from '../plan/plan.ts';
import type { Reception } from '../receive/reception.ts';
import type { Ledger, Store } from '../stores/store.ts';
import { subscriberIdOf } from '../subscriptions/subscriber.ts';

export interface AlarmSidePorts {
  readonly store: Pick<Store, 'shared' | 'ledger' | 'fleet'>;
  readonly clock: Clock;
  /** Of now. */
  plan(): Plan;
  /** The functions below are not called before `start`. */
  dispatcher(): Pick<Dispatcher, 'status'>;
  receive(source: Source, request: RawRequest): Promise<Reception>;
  failed(where: string, error: unknown): void;
}

const OWN: Source = {
  name: OWN_SOURCE,
  format: 'json',
  path: '',
  secrets: [],
  allowFrom: [],
  verify: null,
  rate: null,
  limits: { body: 2 ** 20, depth: 64, timeoutMs: 15_000, inFlight: 1 },
  options: ALARM_OPTIONS,
  enabled: true,
};

const PAGE = 500;

export function joinAlarms({ store, clock, plan, ...ports }: AlarmSidePorts): Alarms {
  return createAlarms({
    clock,
    alarms: () => plan().config.alarms.filter(({ enabled }) => enabled),
    deadLetters: (target, most) =>
      target === SUBSCRIBERS
        ? countDeadOf(store.ledger, { targets: subscribersOf(ports.dispatcher()), most })
        : countDead(store.ledger, { target, most }),
    async lastHeard(source) {
      const { items } = await store.ledger.events({ source, limit: 1 });
      return items[0]?.receivedAt;
    },
    failingTargets: () =>
      ports
        .dispatcher()
        .status()
        .flatMap(({ target, state, breaker }): FailingTarget[] => {
          const isSubscriber = subscriberIdOf(target) !== undefined;
          // A subscriber that is gone is switched off: it has no one here who could mend it.
          if (state === 'stopped') return isSubscriber ? [] : [{ name: target, why: 'stopped', isSubscriber }];
          return breaker === 'closed' ? [] : [{ name: target, why: 'breaker', isSubscriber }];
        }),
    async receive(event) {
      const { kind } = await ports.receive(OWN, requestOf(event, clock.now()));
      return kind === 'accepted' || kind === 'duplicate';
    },
    shared: store.shared,
    isAlone: () => store.fleet.size() === 1,
    failed: ports.failed,
  });
}

function subscribersOf(dispatcher: Pick<Dispatcher, 'status'>): readonly string[] {
  const names = dispatcher.status().map(({ target }) => target);
  return names.filter((name) => subscriberIdOf(name) !== undefined);
}

async function countDeadOf(
  ledger: Pick<Ledger, 'deliveries'>,
  { targets, most }: { readonly targets: readonly string[]; readonly most: number },
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let left = most;
  for (const target of targets) {
    if (left <= 0) break;
    for (const [name, dead] of await countDead(ledger, { target, most: left })) {
      counts.set(name, dead);
      left -= dead;
    }
  }
  return counts;
}

/** Counts with the index of dead letters, page by page, and no further than asked. */
async function countDead(
  ledger: Pick<Ledger, 'deliveries'>,
  { target, most }: { readonly target: string | null; readonly most: number },
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let left = most;
  let before: string | undefined;
  do {
    const about = { ...(target !== null && { target }), ...(before !== undefined && { before }) };
    const page = await ledger.deliveries({ state: 'dead', ...about, limit: Math.min(PAGE, left) });
    for (const one of page.items) counts.set(one.target, (counts.get(one.target) ?? 0) + 1);
    left -= page.items.length;
    before = page.next;
  } while (before !== undefined && left > 0);
  return counts;
}

function requestOf(event: JsonObject, receivedAt: number): RawRequest {
  return {
    method: 'POST',
    path: `/${OWN_SOURCE}`,
    search: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(stringifyJson(event)),
    receivedAt,
  };
}
