/** The targets as they are dialled: `inspector:NAME` becomes the inspector's address on the admin port of this relay. */
import type { Target } from '../model/target.ts';

export function resolveTargets(targets: readonly Target[], adminUrl: string): ReadonlyMap<string, Target> {
  return new Map(targets.map((target) => [target.name, resolveTarget(target, adminUrl)]));
}

function resolveTarget(target: Target, adminUrl: string): Target {
  const name = /^inspector:(.+)$/.exec(target.url)?.[1];
  return name === undefined ? target : { ...target, url: `${adminUrl}/inspect/${encodeURIComponent(name)}` };
}
