/** The configuration as far as it could be understood, so that rules and mappings are checked in the same breath as the file. */
import { resolve } from 'node:path';
import type { FormatOptions } from '../model/format.ts';
import type { Target } from '../model/target.ts';
import type { AlarmConfig, Config, Places, RuleConfig } from './config.ts';
import { placesOf } from './places.ts';
import type { AlarmSettings, RuleSettings, SettingsDraft } from './settings.ts';
import type { Draft, Placed } from './shape.ts';

/** What rules and mappings are checked against; a `Config` is one without gaps. Nothing may run on it. */
export interface ConfigDraft {
  /** Null where it is not known which is meant. */
  readonly store: Config['store'] | null;
  /** Null where it is not known which folder is meant. */
  readonly mappingsDir: string | null;
  /** Null where it is not known which there are. */
  readonly params: Config['params'] | null;
  readonly sources: readonly DraftMember[];
  readonly targets: readonly DraftTarget[];
  readonly subscriptions: { readonly format: string } | null;
  /** A name that could not be read is empty in them. */
  readonly rules: readonly RuleConfig[];
  /** Without those that lack what is checked of them. */
  readonly alarms: readonly DraftAlarm[];
  readonly places: Places;
}

interface DraftMember {
  readonly name: string;
  /** Null where it is missing, or none that is known. */
  readonly format: string | null;
}

export interface DraftTarget extends DraftMember, Pick<Target, 'orderBy' | 'options' | 'enabled' | 'rate'> {
  /** Null where it is not known. */
  readonly url: string | null;
}

export type DraftAlarm = Pick<AlarmConfig, 'name' | 'enabled'> & (Compared | { readonly kind: OtherKind });
type OtherKind = Exclude<AlarmConfig['kind'], 'unfinished'>;
interface Compared {
  readonly kind: 'unfinished';
  readonly source: string;
  readonly started: string;
  readonly ended: string;
  readonly same: readonly string[];
}

interface Drafting {
  /** The folder of the file. */
  readonly here: string;
  readonly isFolderKnown: boolean;
  readonly formats: ReadonlyMap<string, unknown>;
  readonly targetOptions: ReadonlyMap<string, FormatOptions>;
}

export function draftOf(settings: SettingsDraft, about: Drafting): ConfigDraft {
  const { here, isFolderKnown, formats, targetOptions } = about;
  const formatOf = (name = ''): string | null => (formats.has(name) ? name : null);
  const params = settings.params && Object.entries(settings.params).map(([name, value]) => [name, value?.value]);
  return {
    store: storeOf(settings.store, here),
    mappingsDir: isFolderKnown && settings.mappings !== undefined ? resolve(here, settings.mappings) : null,
    params: params ? Object.fromEntries(params) : null,
    sources: (settings.sources ?? []).flatMap((source) =>
      source?.name === undefined ? [] : [{ name: source.name, format: formatOf(source.value?.format?.value) }],
    ),
    targets: (settings.targets ?? []).flatMap((target) => {
      if (target?.name === undefined) return [];
      const { name, value } = target;
      const orderBy = (value?.order_by?.value as readonly string[] | undefined) ?? null;
      const format = formatOf(value?.format?.value);
      const options = targetOptions.get(name) ?? {};
      const rate = (value?.rate as Target['rate'] | undefined) ?? null;
      const [url, enabled] = [value?.url?.value ?? null, value?.enabled ?? true];
      return [{ name, format, orderBy, options, url, enabled, rate }];
    }),
    subscriptions: settings.subscriptions ? { format: settings.subscriptions.format ?? 'sigma' } : null,
    rules: (settings.rules ?? []).flatMap(ruleOf),
    alarms: (settings.alarms ?? []).flatMap(alarmOf),
    places: placesOf(settings),
  };
}

function storeOf(store: SettingsDraft['store'], here: string): Config['store'] | null {
  const { url, pool } = store?.kind === 'postgres' ? store : {};
  if (store?.kind === 'sqlite' && store.file !== undefined) return { kind: 'sqlite', file: resolve(here, store.file) };
  return url !== undefined && pool !== undefined ? { kind: 'postgres', url, pool } : null;
}

function alarmOf(alarm: Draft<AlarmSettings> | undefined): DraftAlarm[] {
  const { name, enabled, unfinished } = alarm?.value ?? {};
  const [source, started, ended] = [unfinished?.source?.value, unfinished?.started?.value, unfinished?.ended?.value];
  const same = unfinished?.same?.value as readonly string[] | undefined;
  if (!source || !started || !ended || !same) return [];
  return [{ name: name?.value ?? '', enabled: enabled ?? false, kind: 'unfinished', source, started, ended, same }];
}

function ruleOf(rule: Draft<RuleSettings> | undefined): RuleConfig[] {
  if (!rule?.value || !rule.at) return [];
  const { name, from, on, when, translate, to, enabled } = rule.value;
  // Whether a mapping is missing is not known where it could not be read which one is meant.
  const isMappingKnown = translate === null || translate?.value !== undefined;
  return [
    {
      name: name?.value ?? '',
      at: rule.at,
      from: from === null ? null : namesOf(from),
      on: on ? namesOf(on) : null,
      when: when ?? null,
      translate: translate?.value !== undefined && translate.at ? { name: translate.value, at: translate.at } : null,
      to: isMappingKnown ? namesOf(to) : [],
      enabled: enabled ?? false,
    },
  ];
}

function namesOf(list: readonly (Draft<Placed<string>> | undefined)[] | undefined): readonly string[] {
  return list === undefined ? [''] : list.map((one) => one?.value ?? '');
}
