/** The types that the key definitions give: what the file says, under the file's own names. */
import type { root } from './keys/root.ts';
import type { Named } from './shape/many.ts';
import type { Draft, Shape } from './shape.ts';

type Of<S> = S extends Shape<infer T> ? T : never;
type Member<N> = N extends readonly Named<infer T>[] ? T : never;

/** The whole file, once nothing is wrong with it. */
export type Settings = Of<typeof root>;
/** The same while anything in it may be wrong, and is then undefined. */
export type SettingsDraft = Draft<Settings>;
export type SourceSettings = Member<Settings['sources']>;
export type TargetSettings = Member<Settings['targets']>;
export type RuleSettings = Settings['rules'][number];
export type AlarmSettings = Settings['alarms'][number];
