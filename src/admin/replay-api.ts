/** The admin API's replay: deliveries made due by id or by filter, or a look at what that would send. */
import type { Delivery } from '../model/delivery.ts';
import type { ApiPorts } from './api-ports.ts';
import type * as api from './api-schema.ts';
import { wrongTime } from './events-api.ts';
import type { Handlers } from './handlers.ts';
import { readTimes } from './parse-when.ts';
import { answer, type Refused, refuse } from './reply.ts';

/** Deliveries that one transaction makes due, so that arrivals never wait long for it. */
const BATCH = 500;
/** Deliveries come with all that was sent for them, so few are read at once. */
const PAGE = 100;
const IDS_AT_ONCE = 50;
/** A request goes through so many pages of a filter at most; the answer says where it goes on. */
const MOST_PAGES = 100;
const MOST_PAGES_OF_A_DRY_RUN = 5;
const MOST_PREVIEWS = 50;

/** What is kept of the deliveries that a request is about, each once. */
interface Chosen {
  /** Ids. */
  readonly wanted: Set<string>;
  /** Ids of those that wait, and that the request does not ask for. */
  readonly leftOut: Set<string>;
  /** The first of the wanted ones, whole. */
  readonly first: Delivery[];
  readonly unknown: string[];
  next: string | null;
}

export function replayHandlers(ports: ApiPorts): Pick<Handlers, 'replay'> {
  return {
    async replay({ body }) {
      const request = body as api.ReplayRequest;
      const { dry_run: dryRun = false, retranslate = false } = request;
      const chosen = await choose(ports, request);
      if ('kind' in chosen) return chosen;
      const { wanted, leftOut, first, unknown, next } = chosen;
      const about = { dry_run: dryRun, found: wanted.size, unknown, next };
      if (dryRun) {
        const nothing = { replayed: 0, hastened: 0, waiting: leftOut.size };
        return answer<api.ReplayAnswer>({ ...about, ...nothing, previews: await previews(ports, first, retranslate) });
      }
      const { replayed, hastened } = await replay(ports, [...wanted], retranslate);
      const waiting = leftOut.size + wanted.size - replayed - hastened;
      return answer<api.ReplayAnswer>({ ...about, replayed, hastened, waiting, previews: [] });
    },
  };
}

async function choose(ports: ApiPorts, request: api.ReplayRequest): Promise<Chosen | Refused> {
  const { ids, filter } = request;
  if ((ids === undefined) === (filter === undefined))
    return refuse(400, 'REQUEST_INVALID', 'a replay takes either ids or a filter');
  const chosen: Chosen = { wanted: new Set(), leftOut: new Set(), first: [], unknown: [], next: null };
  if (ids) {
    for (let from = 0; from < ids.length; from += IDS_AT_ONCE) {
      const { deliveries, unknown } = await ports.deliveriesById(ids.slice(from, from + IDS_AT_ONCE));
      add(chosen, deliveries, { early: true });
      chosen.unknown.push(...unknown);
    }
    return chosen;
  }
  const times = readTimes(filter ?? {}, ports.clock.now());
  if ('wrong' in times) return wrongTime(times.wrong);
  const { since: _since, until: _until, ...words } = filter ?? {};
  let before = request.before;
  for (let pages = 0; pages < (request.dry_run ? MOST_PAGES_OF_A_DRY_RUN : MOST_PAGES); pages++) {
    const page = await ports.ledger.deliveries({ ...words, ...times, limit: PAGE, ...(before && { before }) });
    add(chosen, page.items, { early: words.state === 'waiting' });
    before = page.next;
    if (before === undefined) break;
  }
  chosen.next = before ?? null;
  return chosen;
}

/** With `early`, those that wait are wanted as well. */
function add(
  { wanted, leftOut, first }: Chosen,
  deliveries: readonly Delivery[],
  { early }: { readonly early: boolean },
): void {
  for (const delivery of deliveries) {
    const { id, state } = delivery;
    if (state === 'waiting' && !early) {
      leftOut.add(id);
      continue;
    }
    if (first.length < MOST_PREVIEWS && !wanted.has(id)) first.push(delivery);
    wanted.add(id);
  }
}

async function replay(
  ports: ApiPorts,
  wanted: readonly string[],
  retranslate: boolean,
): Promise<{ readonly replayed: number; readonly hastened: number }> {
  let [replayed, hastened] = [0, 0];
  for (let from = 0; from < wanted.length; from += BATCH) {
    const ids = wanted.slice(from, from + BATCH);
    const done = await ports.ledger.replay({ ids, retranslate, now: ports.clock.now() });
    replayed += done.replayed;
    hastened += done.hastened;
  }
  if (replayed + hastened > 0) ports.wake();
  return { replayed, hastened };
}

async function previews(
  ports: ApiPorts,
  deliveries: readonly Delivery[],
  retranslate: boolean,
): Promise<api.ReplayPreview[]> {
  const made: api.ReplayPreview[] = [];
  for (const delivery of deliveries) {
    const event = await ports.ledger.event(delivery.eventId);
    if (!event) continue;
    const { id, eventId, target, state } = delivery;
    made.push({
      delivery: id,
      event: eventId,
      target,
      state,
      ...ports.preview({ delivery, event, retranslate }),
    });
  }
  return made;
}
