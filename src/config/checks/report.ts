/** What the checks across sections have in common: what they may look at, and how they say that a name is not known. */
import { nearest } from '../../kit/problem.ts';
import type { Format } from '../../model/format.ts';
import type { Reader } from '../read.ts';
import type { SettingsDraft } from '../settings.ts';
import type { Placed } from '../shape.ts';
import { shorten } from '../shape.ts';

export interface Checking {
  readonly settings: SettingsDraft;
  readonly formats: ReadonlyMap<string, Format>;
  readonly reader: Reader;
}

interface Unknown {
  readonly code: string;
  /** `rule "x" sends to`, before the name. */
  readonly who: string;
  /** `target`, after it. */
  readonly what: string;
  readonly known: readonly string[];
  /** Where no known name is near. */
  readonly otherwise?: string;
}

/** Reports a name that is none of the known ones, with the nearest that is. */
export function unknownName(name: Placed<string>, reader: Reader, unknown: Unknown): void {
  const { code, who, what, known } = unknown;
  const all = known.length > 0 ? `one of ${known.join(', ')}` : `adding a ${what} of this name`;
  const parts = name.value.split(/[\s,]+/).filter((part) => part !== '');
  const several = parts.length > 1 && parts.every((part) => known.includes(part)) ? `[${parts.join(', ')}]` : undefined;
  const advice = several ?? nearest(name.value, known) ?? unknown.otherwise ?? all;
  reader.problem({ at: name.at, code, message: `${who} "${shorten(name.value)}", which is no ${what}`, try: advice });
}

/** The values of a draft's list that are sound. */
export function sound<T>(
  list:
    | readonly ({ readonly value: T | undefined; readonly at: Placed<T>['at'] | undefined } | undefined)[]
    | null
    | undefined,
): readonly Placed<T>[] {
  return (list ?? []).filter((one): one is Placed<T> => one?.value !== undefined && one.at !== undefined);
}

/** The format of a source by its name; undefined where there is no such source, or its format is not known. */
export function formatOfSource(name: string, { settings, formats }: Checking): Format | undefined {
  const source = settings.sources?.find((one) => one?.name === name);
  return formats.get(source?.value?.format?.value ?? '');
}

export function namesOf(list: readonly ({ readonly name: string | undefined } | undefined)[] | undefined): string[] {
  return (list ?? []).flatMap((one) => (one?.name === undefined ? [] : [one.name]));
}
