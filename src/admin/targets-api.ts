/** The admin API's targets: how each of them is, pause and resume, and a ping. */
import type { ApiPorts } from './api-ports.ts';
import type * as api from './api-schema.ts';
import type { Handler, Handlers } from './handlers.ts';
import { iso } from './present-event.ts';
import { answer, unknown } from './reply.ts';
import { trafficKey } from './traffic.ts';

export function targetHandlers(
  ports: ApiPorts,
): Pick<Handlers, 'listTargets' | 'pauseTarget' | 'resumeTarget' | 'pingTarget'> {
  const changing = (change: (name: string) => Promise<void>): Handler => {
    return async ({ name }) => {
      if (!isTarget(ports, name)) return unknown('target', name);
      await change(name);
      const changed = (await targetsOf(ports)).find((target) => target.name === name);
      return changed ? answer<api.Target>(changed) : unknown('target', name);
    };
  };
  return {
    listTargets: async () => answer<api.TargetList>({ items: await targetsOf(ports) }),
    pauseTarget: changing((name) => ports.pause(name)),
    resumeTarget: changing((name) => ports.resume(name)),
    async pingTarget({ name }) {
      return isTarget(ports, name) ? answer<api.PingResult>(await ports.ping(name)) : unknown('target', name);
    },
  };
}

/** Every target with its backlog and its last hour. */
export async function targetsOf({ targets, ledger, traffic }: ApiPorts): Promise<readonly api.Target[]> {
  const backlog = await ledger.backlog();
  const lastHour = traffic.hour();
  return targets().map((target) => {
    const waits = backlog.get(target.name);
    return {
      ...target,
      waiting: waits?.waiting ?? 0,
      oldest_waiting_at: waits ? iso(waits.oldestAt) : null,
      last_hour: {
        delivered: lastHour(trafficKey.delivered(target.name)),
        failed: lastHour(trafficKey.failed(target.name)),
        dead: lastHour(trafficKey.dead(target.name)),
      },
    };
  });
}

function isTarget(ports: ApiPorts, name: string): boolean {
  return ports.targets().some((target) => target.name === name);
}
