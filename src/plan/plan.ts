/** What a relay runs on, once it is checked: nothing in here is changed afterwards; a reload makes a new one. */
import type { Config } from '../config/config.ts';
import type { CompiledLogic } from '../route/filter.ts';
import type { Router } from '../route/rules.ts';
import type { Mapping } from '../translate/mapping.ts';

export interface Plan {
  readonly config: Config;
  readonly mappings: ReadonlyMap<string, Mapping>;
  /** Those that are not switched off, in the order of the file. */
  readonly rules: readonly PlannedRule[];
  /** Knows the others by their names, to say that they are switched off. */
  readonly router: Router<PlannedRule>;
  /** Values from the environment, files and secret keys, which nothing may print. */
  readonly secrets: readonly string[];
  /** What came from the environment and files, also where it is too short to be masked: nothing may write it down. */
  readonly filled: ReadonlySet<string>;
}

export interface PlannedRule {
  readonly name: string;
  readonly sources: readonly string[] | null;
  readonly types: readonly string[] | null;
  readonly filter: CompiledLogic | null;
  readonly enabled: boolean;
  readonly lines: readonly Line[];
}

/** A rule's way to one target. */
export interface Line {
  readonly target: string;
  /** The mapping for each source format that the rule may see; null forwards the body byte for byte. */
  readonly mappings: ReadonlyMap<string, string | null>;
}
