/** Which mapping goes without saying between two formats: the one that is named for the pair, or the only one. */
import type { Mapping } from '../translate/mapping.ts';

/** Names of formats. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

export interface PairMappings {
  /** Undefined where there is none, or several of which none has the name. */
  readonly chosen: Mapping | undefined;
  readonly fitting: readonly Mapping[];
}

export function pairMappings(mappings: ReadonlyMap<string, Mapping>, { from, to }: Pair): PairMappings {
  const fitting = [...mappings.values()].filter((mapping) => mapping.from === from && mapping.to === to);
  const named = fitting.find(({ name }) => name === `${from}-to-${to}`);
  return { chosen: named ?? (fitting.length === 1 ? fitting[0] : undefined), fitting };
}
