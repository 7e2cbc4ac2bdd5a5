/** The admin API's overview: the picture of the flow, its last hour, what waits, what is dead, and the ledger. */
import { SUBSCRIBERS } from '../model/target.ts';
import type { ApiPorts, Backlog, Balance, Picture } from './api-ports.ts';
import type * as api from './api-schema.ts';
import type { Handlers } from './handlers.ts';
import { iso } from './present-event.ts';
import { answer } from './reply.ts';
import { targetsOf } from './targets-api.ts';
import { trafficKey } from './traffic.ts';

export function overviewHandlers(ports: ApiPorts): Pick<Handlers, 'overview' | 'ledger'> {
  const ledgerOf = (balance: Balance): api.Ledger => ({ ...balance, problems: [...ports.imbalances(balance)] });
  return {
    async overview() {
      const [relay, balance, backlog, targets] = await Promise.all([
        ports.relay(),
        ports.ledger.balance(),
        ports.ledger.backlog(),
        targetsOf(ports),
      ]);
      const oldestAt = Math.min(...[...backlog.values()].map(({ oldestAt }) => oldestAt));
      return answer<api.Overview>({
        relay,
        flow: flowOf(ports, targets),
        series: ports.traffic.series(),
        waiting: { deliveries: balance.deliveries.waiting, oldest_at: backlog.size > 0 ? iso(oldestAt) : null },
        waiting_for_gone: waitingForGone(backlog, targets),
        dead: balance.deliveries.dead,
        ledger: ledgerOf(balance),
        alarms: ports.alarms(),
      });
    },
    async ledger() {
      return answer<api.Ledger>(ledgerOf(await ports.ledger.balance()));
    },
  };
}

/** What nobody takes: deliveries of targets that the configuration no longer has. */
function waitingForGone(backlog: Backlog, targets: readonly api.Target[]): api.Overview['waiting_for_gone'] {
  const known = new Set(targets.map(({ name }) => name));
  return [...backlog]
    .filter(([target]) => !known.has(target))
    .map(([target, { waiting, oldestAt }]) => ({ target, waiting, oldest_at: iso(oldestAt) }))
    .toSorted((a, b) => b.waiting - a.waiting);
}

function flowOf({ picture, traffic }: ApiPorts, targets: readonly api.Target[]): api.Flow {
  const rate = traffic.rates();
  const { sources, rules } = picture();
  return {
    sources: sources.map((source) => {
      const lastMs = traffic.lastEventAt(source.name);
      return {
        ...source,
        accepted: rate(trafficKey.source(source.name)),
        refused: rate(trafficKey.refused(source.name)),
        last_event_at: lastMs === undefined ? null : iso(lastMs),
      };
    }),
    rules: rules.map((rule) => ({
      ...rule,
      matched: rate(trafficKey.rule(rule.name)),
      failed: rate(trafficKey.ruleFailed(rule.name)),
    })),
    targets: targets.map(({ name, format, state, breaker, waiting }) => ({
      name,
      format,
      state,
      breaker,
      waiting,
      delivered: rate(trafficKey.delivered(name)),
      failed: rate(trafficKey.failed(name)),
    })),
    links: linksOf({ rules, targets, rate }),
  };
}

interface Picturing {
  readonly rules: Picture['rules'];
  readonly targets: readonly api.Target[];
  rate(key: string): number;
}

function linksOf({ rules, targets, rate }: Picturing): api.Flow['links'] {
  const subscribers = targets.filter(({ kind }) => kind === 'subscriber').map(({ name }) => name);
  return rules.flatMap((rule) => [
    ...rule.sources.map((source) => ({
      from: `source/${source}`,
      to: `rule/${rule.name}`,
      events: rate(trafficKey.toRule(source, rule.name)),
      failed: 0,
    })),
    ...rule.targets
      .flatMap((target) => (target === SUBSCRIBERS ? subscribers : [target]))
      .map((target) => ({
        from: `rule/${rule.name}`,
        to: `target/${target}`,
        events: rate(trafficKey.toTarget(rule.name, target)),
        failed: rate(trafficKey.toTargetFailed(rule.name, target)),
      })),
  ]);
}
