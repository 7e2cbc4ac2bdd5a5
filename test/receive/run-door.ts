/** Runs a door on a real port, with an inbox that keeps what it stores in a list. */
import { type AddressInfo, connect } from 'node:net';
import type { Clock } from '../../src/kit/clock.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createEventIds, deliveryId } from '../../src/kit/ids.ts';
import type { NewDelivery } from '../../src/model/delivery.ts';
import type { EventScope } from '../../src/model/event.ts';
import type { Format } from '../../src/model/format.ts';
import type { Source } from '../../src/model/source.ts';
import { createDoor, type DoorPorts, type RefusedRequest } from '../../src/receive/door.ts';
import { type Arrival, createInbox, type InboxPorts } from '../../src/receive/inbox.ts';
import { compileSources } from '../../src/receive/sources.ts';

export interface DoorOptions extends Partial<Pick<DoorPorts, 'trustProxy' | 'mount' | 'receive'>> {
  readonly clock?: Clock;
  readonly save?: InboxPorts['save'];
  readonly route?: InboxPorts['route'];
  readonly formats: readonly Format[];
}

export type SourceInput = Partial<Omit<Source, 'limits'>> & { readonly limits?: Partial<Source['limits']> };

export function makeSource({ limits, ...rest }: SourceInput = {}): Source {
  const name = rest.name ?? 'test';
  return {
    name,
    format: 'json',
    path: `/in/${name}`,
    secrets: [],
    allowFrom: [],
    verify: null,
    rate: null,
    options: {},
    enabled: true,
    ...rest,
    limits: { body: 2 ** 20, depth: 64, timeoutMs: 15_000, inFlight: 100, ...limits },
  };
}

export interface RunningDoor extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly server: ReturnType<ReturnType<typeof createDoor>['createServer']>;
  readonly arrivals: Arrival[];
  readonly scopes: EventScope[];
  readonly happened: string[];
  readonly refused: RefusedRequest[];
  readonly defects: unknown[];
  swap(sources: readonly Source[]): void;
}

export async function runDoor(sources: readonly Source[], options: DoorOptions): Promise<RunningDoor> {
  const clock = options.clock ?? systemClock;
  const arrivals: Arrival[] = [];
  const scopes: EventScope[] = [];
  const happened: string[] = [];
  const refused: RefusedRequest[] = [];
  const defects: unknown[] = [];
  const formats = new Map(options.formats.map((format) => [format.name, format]));
  const format = (name: string): Format => formats.get(name) as Format;
  const firstIds = new Map<string, string>();
  const receive = createInbox({
    format,
    route: (scope) => {
      scopes.push(scope);
      return options.route?.(scope) ?? [newDelivery(deliveryId(scope.event.id, 1))];
    },
    hasRoom: () => false,
    save:
      options.save ??
      (async (arrival) => {
        const { key, source, id } = arrival.event;
        const first = firstIds.get(`${source} ${key}`);
        if (first !== undefined) return { kind: 'duplicate', id: first };
        firstIds.set(`${source} ${key}`, id);
        arrivals.push(arrival);
        return { kind: 'saved', held: [] };
      }),
    stored: () => {},
    dispatch: () => {},
    params: () => ({}),
    newEventId: createEventIds(() => clock.now()),
    clock,
    leaseMs: () => 60_000,
    report: {
      eventAccepted: () => happened.push('accepted'),
      eventUnmatched: () => happened.push('unmatched'),
      eventIgnored: () => happened.push('ignored'),
      eventDuplicate: () => happened.push('duplicate'),
      storeFailed: (error) => happened.push(`storeFailed ${error}`),
    },
  });
  let table = compileSources(sources, { format, clock });
  const door = createDoor({
    sources: () => table,
    receive: options.receive ?? receive,
    clock,
    report: {
      requestAnswered: (source) => happened.push(`answered ${source}`),
      requestRefused: (request) => refused.push(request),
      defect: (_, error) => defects.push(error),
    },
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
    ...(options.mount === undefined ? {} : { mount: options.mount }),
  });
  const server = door.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    server,
    arrivals,
    scopes,
    happened,
    refused,
    defects,
    swap: (next) => {
      table = compileSources(next, { format, clock, previous: table });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function newDelivery(id: string): NewDelivery {
  return { id, rule: 'r', target: 't', mapping: null, orderKey: null, dead: null };
}

/** Writes bytes to the door and resolves with all that comes back until the door closes, or until the answer is complete. */
export function talk(port: number, ...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      answer += chunk;
      if (isComplete(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    for (const piece of pieces) socket.write(piece);
  });
}

function isComplete(answers: string): boolean {
  const answer = answers.replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '');
  const end = answer.indexOf('\r\n\r\n');
  if (end !== -1 && answer.startsWith('HTTP/1.1 204')) return true;
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return end !== -1 && length !== undefined && answer.length >= end + 4 + Number(length);
}
