/** Where stands what only formats and mappings can judge, of a file that may still be wrong elsewhere. */
import type { Position } from '../kit/problem.ts';
import type { Places } from './config.ts';
import type { SettingsDraft } from './settings.ts';

export function placesOf({ params, targets, alarms }: SettingsDraft): Places {
  const conditions = (alarms ?? []).map((alarm) => alarm?.value);
  return {
    params: placed(Object.entries(params ?? {}).map(([name, value]) => [name, value?.at])),
    orderBy: placed((targets ?? []).map((target) => [target?.name, target?.value?.order_by?.at])),
    same: placed(conditions.map((alarm) => [alarm?.name?.value, alarm?.unfinished?.same?.at])),
  };
}

function placed(
  places: readonly (readonly [name: string | undefined, at: Position | undefined])[],
): ReadonlyMap<string, Position> {
  return new Map(places.flatMap(([name, at]) => (name === undefined || at === undefined ? [] : [[name, at]])));
}
