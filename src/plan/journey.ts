/** An event's journey through a plan: what rules make of it at the door, and what a mapping makes of it at the target. */
import { formats } from '../formats/index.ts';
import { deliveryId } from '../kit/ids.ts';
import { valueAt } from '../kit/value-at.ts';
import type { AcceptedEvent, LeasedDelivery, NewDelivery } from '../model/delivery.ts';
import type { EventScope, WrittenRequest } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import { SUBSCRIBERS } from '../model/target.ts';
import { scopeOfStored } from '../receive/scope.ts';
import { prepareRequests } from '../translate/prepare.ts';
import type { Line, Plan } from './plan.ts';
import { sourceOptionsOf } from './source-options.ts';

export type Prepared =
  | { readonly kind: 'requests'; readonly requests: readonly WrittenRequest[] }
  | { readonly kind: 'dropped'; readonly reason: Reason }
  | { readonly kind: 'dead'; readonly reason: Reason };

/** A subscriber as a rule's target: its name, and the event types that it asked for; null: all. */
export interface SubscribedTarget {
  readonly name: string;
  readonly events: ReadonlySet<string> | null;
}

export interface JourneyPorts {
  plan(): Plan;
  targets(): ReadonlyMap<string, Target>;
  subscribers(): readonly SubscribedTarget[];
}

export interface Journey {
  /** The deliveries that today's rules make of an event; their ids count from 1 in the order of the rules and targets. */
  route(scope: EventScope): NewDelivery[];
  /** What is sent for a delivery: translated with the configuration that routed the event, or with today's after a restart. */
  prepare(leased: LeasedDelivery, scope: EventScope | undefined): Prepared;
}

export function createJourney(ports: JourneyPorts): Journey {
  /** Every plan has params of its own, and every scope holds those of the plan that routed it. */
  const byParams = new WeakMap<EventScope['params'], Plan>();
  return {
    route(scope) {
      const plan = ports.plan();
      if (byParams.get(scope.params) !== plan) byParams.set(scope.params, plan);
      return routeEvent({ plan, scope, targets: ports.targets(), subscribers: ports.subscribers() });
    },
    prepare(leased, scope) {
      const plan = (scope && byParams.get(scope.params)) ?? ports.plan();
      const target = ports.targets().get(leased.delivery.target);
      if (!target) return dead('TARGET_GONE', `the configuration has no target "${leased.delivery.target}" any more`);
      const subscriber = ports.subscribers().find(({ name }) => name === target.name);
      return wantedOnly(prepareWith({ plan, leased, scope, target }), subscriber);
    },
  };
}

interface RoutingInput {
  readonly plan: Plan;
  readonly scope: EventScope;
  readonly targets: ReadonlyMap<string, Target>;
  readonly subscribers: readonly SubscribedTarget[];
}

/** The deliveries of an event, as `Journey.route` promises. Pure. */
export function routeEvent({ plan, scope, targets, subscribers }: RoutingInput): NewDelivery[] {
  const deliveries: NewDelivery[] = [];
  for (const { rule, failed } of plan.router.route(scope)) {
    for (const line of rule.lines) {
      const mapping = line.mappings.get(scope.event.format) ?? null;
      for (const name of targetNames({ line, plan, mapping, scope, subscribers })) {
        const orderBy = targets.get(name)?.orderBy;
        const id = deliveryId(scope.event.id, deliveries.length + 1);
        deliveries.push({
          id,
          rule: rule.name,
          target: name,
          mapping,
          orderKey: orderBy ? keyAt(scope, orderBy) : null,
          dead: failed,
        });
      }
    }
  }
  return deliveries;
}

interface Naming {
  readonly line: Line;
  readonly plan: Plan;
  readonly mapping: string | null;
  readonly scope: EventScope;
  readonly subscribers: readonly SubscribedTarget[];
}

function targetNames({ line, plan, mapping, scope, subscribers }: Naming): readonly string[] {
  if (line.target !== SUBSCRIBERS) return [line.target];
  const emitted =
    mapping === null ? [scope.event.type] : (plan.mappings.get(mapping)?.entries.get(scope.event.type)?.emits ?? []);
  return subscribers
    .filter(({ events }) => events === null || emitted.some((type) => events.has(type)))
    .map(({ name }) => name);
}

interface Preparation {
  readonly plan: Plan;
  readonly leased: LeasedDelivery;
  readonly scope: EventScope | undefined;
  readonly target: Target;
}

function prepareWith({ plan, leased, scope, target }: Preparation): Prepared {
  const { event, delivery } = leased;
  if (delivery.mapping === null) return { kind: 'requests', requests: [forward(event)] };
  const mapping = plan.mappings.get(delivery.mapping);
  if (!mapping) return dead('MAPPING_GONE', `there is no mapping "${delivery.mapping}" any more`);
  const format = formats.get(target.format);
  if (!format || mapping.to !== target.format) {
    return dead(
      'MAPPING_MISMATCH',
      `mapping "${mapping.name}" writes ${mapping.to}, but target "${target.name}" takes ${target.format}`,
    );
  }
  const seen = scope ?? scopeOf(event, plan);
  if ('reason' in seen) return { kind: 'dead', reason: seen.reason };
  return prepareRequests({ mapping, scope: seen, target: { format, options: target.options } });
}

/** The scope of a stored event, read anew from its bytes; or why that is not possible with today's configuration. */
export function scopeOf(event: AcceptedEvent, plan: Plan): EventScope | { readonly reason: Reason } {
  const options = sourceOptionsOf(event.source, event.format, plan.config);
  const reading = formats.get(event.format)?.read(event.request, options);
  if (reading?.kind === 'event') return scopeOfStored(event, reading.event, plan.config.params);
  return {
    reason: { code: 'EVENT_UNREADABLE', message: `the stored request is no longer read as a ${event.format} event` },
  };
}

/** The request that hands a body on byte for byte, with its method, query and content type. */
function forward(event: AcceptedEvent): WrittenRequest {
  const { method, search, headers, body } = event.request;
  const type = headers['content-type'];
  const query = [...new URLSearchParams(search)];
  const hasBody = body.length > 0;
  return {
    event: event.type,
    method,
    query,
    headers: hasBody && type ? { 'content-type': type } : {},
    body: hasBody ? body : null,
  };
}

function wantedOnly(prepared: Prepared, subscriber: SubscribedTarget | undefined): Prepared {
  const wanted = subscriber?.events;
  if (!wanted || prepared.kind !== 'requests') return prepared;
  const requests = prepared.requests.filter((request) => wanted.has(request.event));
  if (requests.length > 0) return { kind: 'requests', requests };
  return {
    kind: 'dropped',
    reason: { code: 'NOT_SUBSCRIBED', message: 'the subscriber did not ask for what the mapping emits' },
  };
}

function dead(code: string, message: string): Prepared {
  return { kind: 'dead', reason: { code, message } };
}

/** Null where there is nothing that two events could have in common: such a delivery waits for none and holds up none. */
function keyAt(scope: EventScope, path: readonly string[]): string | null {
  const value = valueAt(scope, path) ?? null;
  if (value === null || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
