/** Joins subscriptions to the rest of the relay: subscribers become targets, their API a part of the door, registrations a thing that is kept up. */
import type { Middleware } from 'koa';
import type { Config } from '../config/config.ts';
import { checkUrl } from '../deliver/address-guard.ts';
import type { Dispatcher } from '../deliver/dispatcher.ts';
import type { DeliverReport } from '../deliver/ports.ts';
import { formats } from '../formats/index.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Target } from '../model/target.ts';
import type { Happenings } from '../observe/happenings.ts';
import type { Store } from '../stores/store.ts';
import { createSubscriptionApi } from '../subscriptions/api.ts';
import { createRegistrar } from '../subscriptions/registrar.ts';
import { createRegistry, type Registry } from '../subscriptions/registry.ts';
import { createRelayLock } from '../subscriptions/relay-lock.ts';
import { subscriberIdOf, targetNameOf } from '../subscriptions/subscriber.ts';
import type { Subscribed } from '../subscriptions/subscriber-views.ts';

export interface SubscriptionPorts {
  readonly store: Pick<Store, 'shared' | 'ledger'>;
  readonly clock: Clock;
  /** Of now. */
  config(): Config;
  readonly happenings: Happenings;
  /** There are other subscribers, or they are others now. Not called before `start`. */
  targetsChanged(): void;
  dispatcher(): Pick<Dispatcher, 'forget' | 'resume' | 'status'>;
}

export interface Subscriptions {
  readonly registry: Pick<Registry, 'list'>;
  /** For the door: answers the subscription API while the configuration has one. */
  readonly mount: Middleware;
  /** Reads the subscribers; to be awaited before the first event comes in. */
  load(): Promise<void>;
  /** Follows the store and registers; to be called once the door is open. */
  start(): void;
  /** The configuration is another one. */
  configure(): void;
  subscribed(): readonly Subscribed[];
  targets(): readonly Target[];
  /** A report that also tells what tries say about subscribers. */
  watch(report: DeliverReport): DeliverReport;
  stop(): void;
}

const SIGMA = 'sigma';
/** What other relays and tries that are under way leave behind for a subscriber that has left is cleared up by these, in milliseconds. */
const FAREWELLS_MS = [0, 5000, 60_000];
/** A relay that ends takes its farewells with it, and a lease may outlast them: so often, any relay looks what is still left behind. */
const SWEEP_MS = 60_000;
const EXPIRED_AT_ONCE = 500;

export function joinSubscriptions(ports: SubscriptionPorts): Subscriptions {
  const { store, clock, config, happenings } = ports;
  const eventTypes = Object.keys(formats.get(SIGMA)?.events ?? {});
  const farewells = new Set<Timer>();
  let sweep: Timer | undefined;
  let stopped = false;
  let started = false;

  const registry = createRegistry({
    shared: store.shared,
    clock,
    settings: () => config().subscriptions,
    eventTypes,
    changed: () => started && ports.targetsChanged(),
    renewed(target, wasOff) {
      const isStopped = () =>
        ports
          .dispatcher()
          .status()
          .some((one) => one.target === target && one.state === 'stopped');
      if (wasOff || isStopped()) void ports.dispatcher().resume(target);
    },
    left(target) {
      for (const ms of FAREWELLS_MS) {
        const timer = clock.after(ms, () => {
          farewells.delete(timer);
          clearUp(target, ports).catch((error) => happenings.defect('subscriptions', error));
        });
        farewells.add(timer);
      }
    },
    report: (what, facts) => happenings.subscriber(what, { ...facts }),
    failed: (error) => happenings.storeFailed(error instanceof Error ? error.message : String(error)),
  });
  const registrar = createRegistrar({
    registrations: () => config().registrations,
    eventTypes,
    lock: createRelayLock({ shared: store.shared, clock }),
    clock,
    report: (facts, failed) => happenings.registration({ ...facts }, failed),
  });

  function sweepAfter(ms: number): void {
    sweep = clock.after(ms, () => {
      clearUpAllGone()
        .catch((error) => stopped || happenings.storeFailed(error instanceof Error ? error.message : String(error)))
        .finally(() => stopped || sweepAfter(SWEEP_MS));
    });
  }

  async function clearUpAllGone(): Promise<void> {
    if (config().subscriptions === null) return;
    const waiting = [...(await store.ledger.backlog()).keys()].filter((name) => subscriberIdOf(name) !== undefined);
    if (waiting.length === 0) return;
    // after that look: whoever something waits for was stored before, so that one who is not there now has left
    await registry.refresh();
    const known = new Set(registry.list().map(({ id }) => targetNameOf(id)));
    for (const target of waiting) if (!known.has(target)) await clearUp(target, ports);
  }

  return {
    registry,
    mount: createSubscriptionApi({
      registry,
      settings: () => config().subscriptions,
      eventTypes,
      checkUrl: (url, allowPrivate) => checkUrl(url, { trust: 'subscriber', allowPrivate }),
      requestRefused: (facts) => happenings.requestRefused({ source: 'subscriptions', ...facts }),
      defect: happenings.defect,
    }),
    load: registry.refresh,
    start() {
      started = true;
      registry.start();
      registrar.configure();
      sweepAfter(0);
    },
    configure() {
      registry.settingsChanged();
      registrar.configure();
    },
    subscribed: registry.subscribed,
    targets: registry.targets,
    watch: (report) => ({
      ...report,
      deliveryAttempted(facts) {
        report.deliveryAttempted(facts);
        if (subscriberIdOf(facts.target) === undefined) return;
        registry.attempted(facts.target, { ...facts, at: clock.now() });
      },
    }),
    stop() {
      stopped = true;
      sweep?.cancel();
      registry.stop();
      registrar.stop();
      for (const timer of farewells) timer.cancel();
    },
  };
}

async function clearUp(target: string, { store, clock, dispatcher }: SubscriptionPorts): Promise<void> {
  const now = clock.now();
  const reason = { code: 'SUBSCRIBER_GONE', message: 'the subscriber has deleted its webhook' };
  for (let more = true; more; )
    ({ more } = await store.ledger.expire({ target, before: now + 1, now, reason, limit: EXPIRED_AT_ONCE }));
  await dispatcher().forget(target);
}
