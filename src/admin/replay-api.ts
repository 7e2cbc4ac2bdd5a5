/** The admin API's replay: finished deliveries made due again by id or by filter, or a look at what that would send. */
import type { Delivery } from '../model/delivery.ts';
import type { ApiPorts } from './api-ports.ts';
import type * as api from './api-schema.ts';
import { wrongTime } from './events-api.ts';
import type { Handlers } from './handlers.ts';
import { readTimes } from './parse-when.ts';
import { answer, type Refused, refuse } from './reply.ts';

/** Deliveries that one transaction makes due, so that arrivals never wait long for it. */
const BATCH = 500;
/** A request goes through so many pages of a filter at most; the answer says where it goes on. */
const MOST_PAGES = 20;
const MOST_PREVIEWS = 50;

interface Chosen {
  readonly finished: readonly Delivery[];
  readonly waiting: number;
  readonly unknown: readonly string[];
  readonly next: string | null;
}

export function replayHandlers(ports: ApiPorts): Pick<Handlers, 'replay'> {
  return {
    async replay({ body }) {
      const request = body as api.ReplayRequest;
      const { dry_run: dryRun = false, retranslate = false } = request;
      const chosen = await choose(ports, request);
      if ('kind' in chosen) return chosen;
      const { finished, waiting, unknown, next } = chosen;
      const about = { dry_run: dryRun, found: finished.length, waiting, unknown, next };
      if (dryRun)
        return answer<api.ReplayAnswer>({
          ...about,
          replayed: 0,
          previews: await previews(ports, finished, retranslate),
        });
      const replayed = await replay(ports, finished, retranslate);
      return answer<api.ReplayAnswer>({ ...about, replayed, previews: [] });
    },
  };
}

async function choose(ports: ApiPorts, request: api.ReplayRequest): Promise<Chosen | Refused> {
  const { ids, filter } = request;
  if ((ids === undefined) === (filter === undefined))
    return refuse(400, 'REQUEST_INVALID', 'a replay takes either ids or a filter');
  if (ids) {
    const { deliveries, unknown } = await ports.deliveriesById(ids);
    return { ...split(deliveries), unknown, next: null };
  }
  const times = readTimes(filter ?? {}, ports.clock.now());
  if ('wrong' in times) return wrongTime(times.wrong);
  const { since: _since, until: _until, ...words } = filter ?? {};
  const found: Delivery[] = [];
  let before = request.before;
  for (let pages = 0; pages < (request.dry_run ? 1 : MOST_PAGES); pages++) {
    const page = await ports.ledger.deliveries({ ...words, ...times, limit: BATCH, ...(before && { before }) });
    found.push(...page.items);
    before = page.next;
    if (before === undefined) break;
  }
  return { ...split(found), unknown: [], next: before ?? null };
}

function split(deliveries: readonly Delivery[]): Pick<Chosen, 'finished' | 'waiting'> {
  const finished = [...new Map(deliveries.map((one) => [one.id, one])).values()].filter(
    ({ state }) => state !== 'waiting',
  );
  return { finished, waiting: deliveries.filter(({ state }) => state === 'waiting').length };
}

async function replay(ports: ApiPorts, finished: readonly Delivery[], retranslate: boolean): Promise<number> {
  let replayed = 0;
  for (let from = 0; from < finished.length; from += BATCH) {
    const ids = finished.slice(from, from + BATCH).map(({ id }) => id);
    replayed += (await ports.ledger.replay({ ids, retranslate, now: ports.clock.now() })).replayed;
  }
  if (replayed > 0) ports.wake();
  return replayed;
}

async function previews(
  ports: ApiPorts,
  finished: readonly Delivery[],
  retranslate: boolean,
): Promise<api.ReplayPreview[]> {
  const made: api.ReplayPreview[] = [];
  for (const delivery of finished.slice(0, MOST_PREVIEWS)) {
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
