/** A mapping that is known to have no mistakes: it is compiled when it is to translate, or when somebody asks what it does. */
import type { Mapping, MappingParam } from './mapping.ts';

/** What has to be known of a mapping for a rule that takes it. */
export interface CheckedMapping {
  /** Format names. */
  readonly from: string;
  readonly to: string;
  readonly params: readonly (readonly [name: string, param: MappingParam])[];
}

/** Calls `compile` once, at first use; throws where it finds mistakes after all. */
export function compiledAtFirstUse(
  known: CheckedMapping & Pick<Mapping, 'name' | 'file'>,
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
    params: new Map(known.params),
    get about() {
      return whole().about;
    },
    get entries() {
      return whole().entries;
    },
    translate: (scope) => whole().translate(scope),
    explain: (scope) => whole().explain(scope),
  };
}
