/** The admin side of the relay: what its port needs of the stages, and what it counts of all that happens. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { ApiPorts } from '../admin/api-ports.ts';
import type { Overview } from '../admin/api-schema.ts';
import { createInspector } from '../admin/inspector.ts';
import { createMask } from '../admin/mask.ts';
import { createRejections } from '../admin/rejections.ts';
import { createAdmin } from '../admin/server.ts';
import { createTail } from '../admin/tail.ts';
import { createTraffic } from '../admin/traffic.ts';
import type { AlarmOn } from '../alarms/alarm-ports.ts';
import type { Config } from '../config/config.ts';
import type { Dispatcher } from '../deliver/dispatcher.ts';
import { formats } from '../formats/index.ts';
import type { Clock } from '../kit/clock.ts';
import { shownPath } from '../kit/shown.ts';
import { OWN_SOURCE } from '../model/source.ts';
import type { Target } from '../model/target.ts';
import type { Labels } from '../observe/happenings.ts';
import type { Metrics } from '../observe/metrics.ts';
import { explainEvent } from '../plan/explain-event.ts';
import { heldAmong } from '../plan/held.ts';
import { type Journey, scopeOf } from '../plan/journey.ts';
import type { Plan } from '../plan/plan.ts';
import { deliveriesById } from '../plan/select-deliveries.ts';
import { imbalances } from '../stores/imbalances.ts';
import type { Store } from '../stores/store.ts';
import { createPinger } from './ping-target.ts';
import { createPlayground } from './playground.ts';
import { presentExplanation } from './present-explanation.ts';
import { presentHeld } from './present-held.ts';
import { presentPreview } from './present-preview.ts';
import { presentTargets } from './present-targets.ts';
import { remembered } from './remembered.ts';
import { showStatus } from './show-status.ts';
import { createWitness, type Witness } from './witness.ts';

/** The functions are asked when someone calls the port, and not before `start`. */
export interface AdminSidePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly version: string;
  readonly metrics: Metrics;
  readonly labels: Labels;
  plan(): Plan;
  targets(): ReadonlyMap<string, Target>;
  journey(): Journey;
  dispatcher(): Dispatcher;
  serverUrl(): string;
  /** Those that are on. */
  alarms(): readonly AlarmOn[];
  /** What the ledger's last survey found wrong. */
  problems(): readonly string[];
  /** Why the last event could not be stored; undefined where events are taken. */
  refusing(): string | undefined;
  failed(where: string, error: unknown): void;
}

export interface AdminSide extends Witness {
  readonly listener: RequestListener;
  /** What deliveries to the inspector have to show. */
  readonly inspectorKey: string;
  /** To be called once the relay is there. */
  start(): Promise<void>;
  /** Ends the streams, so that the port can be closed, and writes what is to outlive a restart. */
  stop(): Promise<void>;
}

const BACKLOG_MS = 1000;

export function createAdminSide(ports: AdminSidePorts): AdminSide {
  const { store, clock, metrics, plan } = ports;
  // The port stays as it was opened: a reload must not open to others what is bound for them already.
  const { config } = plan();
  const mask = createMask(() => plan().secrets);
  const inspector = createInspector(config.inspector.keep);
  const traffic = createTraffic(clock);
  const tail = createTail({ clock, mask });
  const rejections = createRejections({ clock, shared: store.shared });
  const pinger = createPinger({ clock, mask, version: ports.version });
  const inspectorKey = randomBytes(24).toString('base64url');
  const startedAt = clock.now();

  const api: ApiPorts & { readonly version: string } = {
    version: ports.version,
    clock,
    mask,
    ledger: ledgerFor(store, clock),
    inspector,
    traffic,
    tail,
    rejections,
    formats,
    relay: () => presentRelay(ports, startedAt),
    picture: () => pictureOf(plan().config),
    targets: () =>
      presentTargets({
        targets: ports.targets(),
        configured: plan().config.targets,
        status: ports.dispatcher().status(),
      }),
    pause: (target) => ports.dispatcher().pause(target),
    resume: (target) => ports.dispatcher().resume(target),
    ping: (target) => pinger.ping(ports.targets().get(target) as Target),
    alarms: () => ports.alarms().map(({ since, ...alarm }) => ({ ...alarm, since: new Date(since).toISOString() })),
    imbalances,
    dataOf(event) {
      const scope = scopeOf(event, plan());
      return 'reason' in scope ? null : scope.data;
    },
    explain: (event) => presentExplanation(explainEvent(event, plan()), (target) => writerOf(ports, target)),
    held: async (deliveries) =>
      presentHeld(await heldAmong(deliveries, { store, targets: ports.targets(), now: clock.now() })),
    deliveriesById: (ids) => deliveriesById(store.ledger, ids),
    preview: (about) => presentPreview({ ...about, journey: ports.journey() }),
    wake: () => ports.dispatcher().wake(),
    playground: createPlayground({ plan, ledger: store.ledger, mask, clock }),
  };
  const admin = createAdmin({
    api,
    inspector: config.inspector.enabled ? inspector : null,
    inspectorKey,
    async metrics() {
      const alarms = ports.alarms().map(({ name }) => name);
      showStatus(metrics, ports.labels, { status: ports.dispatcher().status(), problems: ports.problems(), alarms });
      return { contentType: metrics.registry.contentType, text: await metrics.registry.metrics() };
    },
    readiness: () => readiness(ports),
    token: config.admin.token,
    allowedHosts: hostsOf(config),
    failed: (error) => ports.failed('admin', error),
  });
  return {
    ...createWitness({ traffic, tail, rejections, clock }),
    listener: admin.callback(),
    inspectorKey,
    start: () => rejections.start(),
    async stop() {
      tail.close();
      await Promise.all([rejections.stop(), pinger.close()]);
    },
  };
}

/** Waiting deliveries are counted row by row: a dashboard in every window must not make that the store's main occupation. */
function ledgerFor({ ledger }: Store, clock: Clock): ApiPorts['ledger'] {
  return {
    events: (query) => ledger.events(query),
    event: (id) => ledger.event(id),
    deliveries: (query) => ledger.deliveries(query),
    deliveriesOf: (eventId) => ledger.deliveriesOf(eventId),
    delivery: (id) => ledger.delivery(id),
    attempts: (deliveryId) => ledger.attempts(deliveryId),
    replay: (request) => ledger.replay(request),
    balance: () => ledger.balance(),
    backlog: remembered(() => ledger.backlog(), BACKLOG_MS, clock),
  };
}

async function readiness({
  store,
  problems,
  refusing,
}: AdminSidePorts): Promise<{ ready: boolean; problems: string[] }> {
  try {
    await store.check();
    const refused = refusing();
    const all = [...(refused === undefined ? [] : [`events are refused: ${refused}`]), ...problems()];
    return { ready: all.length === 0, problems: all };
  } catch (error) {
    return { ready: false, problems: [(error as Error).message, ...problems()] };
  }
}

async function presentRelay(ports: AdminSidePorts, startedAt: number): Promise<Overview['relay']> {
  const { config } = ports.plan();
  return {
    version: ports.version,
    started_at: new Date(startedAt).toISOString(),
    now: new Date(ports.clock.now()).toISOString(),
    store: config.store.kind,
    server_url: ports.serverUrl(),
    config: shownPath(config.path),
    ...(await readiness(ports)),
  };
}

/** The relay's own source stands in the picture only where a rule names it. */
function pictureOf({ sources, rules }: Config): ReturnType<ApiPorts['picture']> {
  const names = sources.map(({ name }) => name);
  const isOwnNamed = rules.some(({ from }) => from?.includes(OWN_SOURCE));
  const own = { name: OWN_SOURCE, format: 'json', path: '', enabled: true };
  return {
    sources: [
      ...sources.map(({ name, format, path, enabled }) => ({ name, format, path, enabled })),
      ...(isOwnNamed ? [own] : []),
    ],
    rules: rules.map(({ name, enabled, from, to }) => ({ name, enabled, sources: from ?? names, targets: to })),
  };
}

function writerOf({ targets }: AdminSidePorts, name: string) {
  const target = targets().get(name);
  const format = target && formats.get(target.format);
  return format && { format, options: target.options };
}

function hostsOf({ admin }: Config): readonly string[] {
  return ['localhost', '127.0.0.1', '::1', admin.host.toLowerCase(), ...admin.allowedHosts];
}
