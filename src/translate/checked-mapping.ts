/** A mapping that is known to have no mistakes: it is compiled when somebody wants more of it than its name and its formats. */
import type { Mapping } from './mapping.ts';

/** What has to be known of a mapping to choose it. */
export interface CheckedMapping {
  /** Format names. */
  readonly from: string;
  readonly to: string;
}

/** Calls `compile` once, at first use; throws where it finds mistakes after all. */
export function compiledAtFirstUse(
  known: Pick<Mapping, 'name' | 'from' | 'to' | 'file'>,
  compile: () => Mapping | undefined,
): Mapping {
  let compiled: Mapping | undefined;
  const whole = (): Mapping => {
    compiled ??= compile();
    if (!compiled) throw new Error(`the mapping ${known.name} was said to be checked, and has mistakes`);
    return compiled;
  };
  return {
    ...known,
    get about() {
      return whole().about;
    },
    get params() {
      return whole().params;
    },
    get entries() {
      return whole().entries;
    },
    translate: (scope) => whole().translate(scope),
    explain: (scope) => whole().explain(scope),
  };
}
