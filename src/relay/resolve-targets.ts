/** The targets as they are dialled: `inspector:NAME` becomes the inspector's address on the admin port of this relay. */
import { INSPECTOR_KEY } from '../admin/inspect.ts';
import type { Target } from '../model/target.ts';

export interface AdminPort {
  readonly url: string;
  /** What lets this relay's own deliveries in without the admin token. */
  readonly key: string;
}

export function resolveTargets(targets: readonly Target[], admin: AdminPort): ReadonlyMap<string, Target> {
  return new Map(targets.map((target) => [target.name, resolveTarget(target, admin)]));
}

function resolveTarget(target: Target, { url, key }: AdminPort): Target {
  const name = /^inspector:(.+)$/.exec(target.url)?.[1];
  if (name === undefined) return target;
  const headers = { ...target.headers, [INSPECTOR_KEY]: key };
  return { ...target, url: `${url}/inspect/${encodeURIComponent(name)}`, headers };
}
