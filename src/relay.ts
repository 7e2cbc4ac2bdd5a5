/** The relay: the one file that knows everybody. It builds the stages, joins them, starts them and stops them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config/config.ts';
import { watchFiles } from './config/watch.ts';
import { createDispatcher } from './deliver/dispatcher.ts';
import { leaseMsFor } from './deliver/lease-time.ts';
import { formats } from './formats/index.ts';
import { type Clock, systemClock } from './kit/clock.ts';
import { createEventIds } from './kit/ids.ts';
import { formatProblem, type Problem } from './kit/problem.ts';
import { reachableHost } from './kit/shown.ts';
import type { Format } from './model/format.ts';
import type { Target } from './model/target.ts';
import { beginCounts } from './observe/begin-counts.ts';
import { createHappenings } from './observe/happenings.ts';
import type { Log } from './observe/log.ts';
import { createMetrics, forgetTarget } from './observe/metrics.ts';
import { type ArrivingSample, findArrivingSample } from './plan/arriving-sample.ts';
import { createJourney } from './plan/journey.ts';
import { makePlan, type PlanResult } from './plan/make-plan.ts';
import type { Plan } from './plan/plan.ts';
import { compileSources, createDoor } from './receive/door.ts';
import { createInbox } from './receive/inbox.ts';
import { createAdminSide } from './relay/admin-side.ts';
import { answersFirst } from './relay/answers-first.ts';
import { closeServer } from './relay/close-server.ts';
import { startHousekeeping } from './relay/housekeeping.ts';
import { joinAlarms } from './relay/join-alarms.ts';
import { joinSubscriptions } from './relay/join-subscriptions.ts';
import { joinTraces } from './relay/join-traces.ts';
import { metricLabels } from './relay/metric-labels.ts';
import { watchSaves } from './relay/refused-saves.ts';
import { resolveTargets } from './relay/resolve-targets.ts';
import * as stores from './stores/open.ts';
import { StoreUnavailable } from './stores/store.ts';

/** How long a delivery that is sent from memory stays ours, at least: longer than the quick tries of one lease take. */
const LEAST_LEASE_MS = 120_000;

/** The dashboard's open connections are cut soon: nothing is lost with them. */
const ADMIN_CLOSE_MS = 200;

export interface RelayOptions {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Makes the log once the configuration is known. */
  createLog(config: Config, secrets: () => readonly string[]): Log;
  readonly clock?: Clock;
  /** Another way to a store than the `store` key of the configuration. */
  readonly openStore?: typeof stores.openStore;
}

export interface Relay extends AsyncDisposable {
  /** `http://host:port`, with a host that a person on this machine can call. */
  readonly serverUrl: string;
  readonly adminUrl: string;
  readonly config: Config;
  /** What it may be tried with: it reaches a target. */
  arrivingSample(): ArrivingSample | undefined;
  /** Loads the files again: swapped in whole where they are good, reported and left alone where they are not. Nothing once the relay stops. */
  reload(): readonly Problem[];
  /**
   * Answers what is in flight, finishes or hands back deliveries, and closes; within 10 s. May be called twice. For the first `tellMs` (0 by
   * default) of it each answer says that it is the connection's last, and no idle connection is closed.
   */
  stop(reason: string, tellMs?: number): Promise<void>;
}

/** The files do not make a relay: every problem, in the order of the files. */
export class BadPlan extends Error {
  override readonly name = 'BadPlan';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/**
 * Starts a relay and resolves when both ports are open. Rejects with `BadPlan`, with `StoreRefused` or `StoreUnavailable`, or with
 * what `listen` says of a port; nothing is left open then.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const first = makePlan(options);
  if (!first.plan) throw new BadPlan(first.problems);
  const started: Plan = first.plan;
  let plan = started;
  const { config } = started;
  const clock = options.clock ?? systemClock;
  const log = options.createLog(config, () => plan.secrets);
  const metrics = createMetrics();
  const labels = metricLabels(
    () => plan,
    () => targets,
  );
  const said = createHappenings({ log, metrics, labels });
  /** What goes on by itself is no defect of ours. */
  const failed = (where: string, error: unknown): void => {
    if (error instanceof StoreUnavailable) said.storeFailed(error.message);
    else said.defect(where, error);
  };
  metrics.build.set({ version: options.version }, 1);
  await using undo = new AsyncDisposableStack();

  const openStore = options.openStore ?? stores.openStore;
  const store = await openStore(config.store, {
    clock,
    report: ({ writes, commitMs }) => said.storeCommitted(writes, commitMs),
  });
  undo.use(store);

  const saves = watchSaves(clock);
  const admin = createAdminSide({
    store,
    clock,
    version: options.version,
    metrics,
    labels,
    plan: () => plan,
    targets: () => targets,
    journey: () => journey,
    dispatcher: () => dispatcher,
    serverUrl: () => serverUrl,
    alarms: () => alarms.active(),
    problems: () => housekeeping.problems(),
    refusing: saves.reason,
    failed,
  });
  const traces = await joinTraces({ env: options.env, clock, version: options.version, failed: said.tracesFailed });
  const happenings = traces.watch(admin.watch(said));
  let isReady = false;
  // Its port has to be known before the stages that it looks at are built.
  const adminServer = createServer((request, response) => {
    if (isReady) admin.listener(request, response);
    else response.writeHead(503, { 'retry-after': '1' }).end();
  });
  const adminUrl = await listen(adminServer, config.admin);
  undo.defer(() => closeServer(adminServer, { clock, deadlineMs: 0 }));

  const subscriptions = joinSubscriptions({
    store,
    clock,
    config: () => plan.config,
    happenings,
    targetsChanged: () => retarget(),
    dispatcher: () => dispatcher,
  });
  await subscriptions.load();
  const resolved = () =>
    resolveTargets([...plan.config.targets, ...subscriptions.targets()], { url: adminUrl, key: admin.inspectorKey });
  let targets: ReadonlyMap<string, Target> = resolved();
  let leaseMs = longestLease(targets);
  countAll();
  const doorFormat = (name: string): Format => formats.get(name) as Format;
  let sources = compileSources(config.sources, { format: doorFormat, clock });
  const journey = createJourney({ plan: () => plan, targets: () => targets, subscribers: subscriptions.subscribed });
  const dispatcher = createDispatcher({
    queue: store.queue,
    shared: store.shared,
    targets: () => targets,
    prepare: (leased, scope) => journey.prepare(leased, scope),
    clock,
    random: Math.random,
    report: subscriptions.watch(happenings),
    ...(traces.traced && { traced: traces.traced }),
    version: options.version,
    maxHops: config.server.maxHops,
    fleetSize: () => store.fleet.size(),
    fleetOffsetMs: () => store.fleet.offsetMs(),
    leases: { areHeld: () => store.fleet.holdsLeases(), onLost: (listener) => store.fleet.onLost(listener) },
  });

  const alarms = joinAlarms({
    store,
    clock,
    plan: () => plan,
    dispatcher: () => dispatcher,
    receive: (source, request) => receive(source, request),
    failed,
  });
  const receive = createInbox({
    format: doorFormat,
    route: (scope) => journey.route(scope),
    hasRoom: (target) => dispatcher.hasRoom(target),
    save: traces.saving((arrival) => store.inbox.save(arrival)),
    stored(arrival, scope) {
      saves.stored();
      alarms.stored(arrival.event.source, scope);
      admin.stored(arrival);
      for (const { id: delivery, rule, target, dead } of arrival.deliveries)
        if (dead) said.deliverySettled({ delivery, rule, target, outcome: 'dead', ...dead, ageMs: 0 });
    },
    dispatch: answersFirst((held, scope) => dispatcher.dispatch(held, scope)),
    params: () => plan.config.params,
    newEventId: createEventIds(() => clock.now()),
    clock,
    leaseMs: () => leaseMs,
    report: {
      ...happenings,
      storeFailed(error, cause) {
        saves.refused(cause);
        happenings.storeFailed(error);
      },
    },
  });
  const door = createDoor({
    sources: () => sources,
    receive,
    report: happenings,
    clock,
    trustProxy: config.server.trustProxy,
    maxHeaderBytes: config.server.maxHeaderBytes,
    mount: subscriptions.mount,
  });
  const server = door.createServer();
  const serverUrl = await listen(server, config.server);
  undo.defer(() => closeServer(server, { clock, deadlineMs: 0 }));

  const housekeeping = startHousekeeping({
    ledger: store.ledger,
    clock,
    metrics,
    labels,
    retention: () => plan.config.retention,
    targets: () => new Map([...targets].filter(([, target]) => target.trust === 'configured' || target.enabled)),
    eventsPruned: happenings.eventsPruned,
    failed,
  });
  await admin.start();
  isReady = true;
  dispatcher.start();
  subscriptions.start();
  alarms.start();

  function retarget(): void {
    const before = targets;
    targets = resolved();
    for (const [name, { trust }] of before)
      if (trust === 'subscriber' && !targets.has(name)) void forgetTarget(metrics, name);
    leaseMs = longestLease(targets);
    countAll();
    dispatcher.targetsChanged();
  }

  function countAll(): void {
    beginCounts(metrics, { sources: plan.config.sources.map(({ name }) => name), targets: targets.keys() });
  }

  let stopping: Promise<void> | undefined;
  function reload(): readonly Problem[] {
    if (stopping) return [];
    const next = planAnew();
    if (!next.plan) {
      happenings.configRejected(next.problems.map(formatProblem));
      return next.problems;
    }
    const needsRestart = restartNeeded(config, next.plan.config);
    plan = { ...next.plan, secrets: together(next.plan.secrets, started.secrets) };
    watch.follow([plan.config.path, plan.config.mappingsDir]);
    sources = compileSources(plan.config.sources, { format: doorFormat, clock, previous: sources });
    subscriptions.configure();
    retarget();
    happenings.configReloaded({
      rules: plan.config.rules.length,
      mappings: plan.mappings.size,
      ...(needsRestart.length > 0 ? { needsRestart } : {}),
    });
    return [];
  }
  /** Never throws: a fault of ours in here must not end a relay that works. */
  function planAnew(): PlanResult {
    try {
      return makePlan(options);
    } catch (error) {
      happenings.defect('reload', error);
      return { plan: undefined, problems: [{ code: 'INTERNAL_ERROR', message: 'the files could not be loaded' }] };
    }
  }
  const watch = watchFiles({
    paths: [config.path, config.mappingsDir],
    busy: config.store.kind === 'sqlite' ? config.store.file : undefined,
    changed: () => void reload(),
  });

  async function stop(reason: string, tellMs = 0): Promise<void> {
    happenings.relayStopping(reason);
    watch.close();
    housekeeping.stop();
    subscriptions.stop();
    const { graceMs } = plan.config.server;
    // What is accepted meanwhile is stored, and sent after the next start.
    await Promise.all([closeServer(server, { clock, deadlineMs: graceMs, tellMs }), dispatcher.stop(graceMs)]);
    await Promise.all([alarms.stop(), admin.stop(), traces.stop()]);
    await closeServer(adminServer, { clock, deadlineMs: ADMIN_CLOSE_MS });
    await store[Symbol.asyncDispose]();
    happenings.relayStopped();
  }
  happenings.relayStarted({ server: serverUrl, admin: adminUrl, store: config.store.kind, rules: config.rules.length });
  undo.move();
  const stopOnce = (reason: string, tellMs?: number) => (stopping ??= stop(reason, tellMs));
  return {
    ...{ serverUrl, adminUrl, config, reload },
    arrivingSample: () => findArrivingSample(plan, clock.now()),
    stop: stopOnce,
    [Symbol.asyncDispose]: () => stopOnce('dispose'),
  };
}

function longestLease(targets: ReadonlyMap<string, Target>): number {
  return Math.max(LEAST_LEASE_MS, ...[...targets.values()].map((target) => leaseMsFor(target)));
}

/** The sections that only a restart changes, of those that differ from what the relay was started with. */
function restartNeeded(started: Config, now: Config): string[] {
  return (['server', 'admin', 'store', 'log', 'inspector'] as const).filter(
    (section) => JSON.stringify(started[section]) !== JSON.stringify(now[section]),
  );
}

/** What the relay was started with stays in use until a restart, the admin port's token and the store's password among it. */
function together(now: readonly string[], started: readonly string[]): readonly string[] {
  return [...new Set([...now, ...started])].toSorted((a, b) => b.length - a.length);
}

async function listen(server: Server, where: { readonly host: string; readonly port: number }): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return `http://${reachableHost(where.host)}:${port}`;
}
