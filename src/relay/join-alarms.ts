/** Joins alarms to the rest of the relay: they hear of every stored event, and what they say comes in as an event of the relay's own. */
import { ALARM_OPTIONS } from '../alarms/alarm-event.ts';
import { type Alarms, createAlarms } from '../alarms/alarms.ts';
import type { Dispatcher } from '../deliver/dispatcher.ts';
import type { Clock } from '../kit/clock.ts';
import { stringifyJson } from '../kit/json.ts';
import type { RawRequest } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { Source } from '../model/source.ts';
import { OWN_SOURCE, type Plan } from '../plan/plan.ts';
import type { Reception } from '../receive/reception.ts';
import type { Ledger, Store } from '../stores/store.ts';

export interface AlarmSidePorts {
  readonly store: Pick<Store, 'shared' | 'ledger'>;
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
    deadLetters: (target, most) => countDead(store.ledger, { target, most }),
    openBreakers: () =>
      ports
        .dispatcher()
        .status()
        .filter(({ breaker }) => breaker !== 'closed')
        .map(({ target }) => target),
    async receive(event) {
      const { kind } = await ports.receive(OWN, requestOf(event, clock.now()));
      return kind === 'accepted' || kind === 'duplicate';
    },
    shared: store.shared,
    failed: ports.failed,
  });
}

/** Counts with the index of dead letters, page by page, and no further than asked. */
async function countDead(
  ledger: Pick<Ledger, 'deliveries'>,
  { target, most }: { readonly target: string | null; readonly most: number },
): Promise<number> {
  let count = 0;
  let before: string | undefined;
  do {
    const limit = Math.min(PAGE, most - count);
    const about = { ...(target !== null && { target }), ...(before !== undefined && { before }) };
    const page = await ledger.deliveries({ state: 'dead', ...about, limit });
    count += page.items.length;
    before = page.next;
  } while (before !== undefined && count < most);
  return count;
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
