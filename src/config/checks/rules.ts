/** Checks of rules against sources, targets and formats. */
import { OWN_SOURCE } from '../../model/source.ts';
import { SUBSCRIBERS } from '../../model/target.ts';
import type { RuleSettings } from '../settings.ts';
import type { Draft, Placed } from '../shape.ts';
import { type Checking, formatOfSource, namesOf, sound, unknownName } from './report.ts';

export function checkRules(checking: Checking): void {
  const rules = sound(checking.settings.rules);
  checkNamesAreUnique(
    rules.map((rule) => rule.value.name),
    { what: 'rule', code: 'RULE_DUPLICATE_NAME' },
    checking,
  );
  for (const rule of rules) checkRule(rule.value, checking);
}

export function checkNamesAreUnique(
  names: readonly (Draft<Placed<string>> | undefined)[],
  { what, code }: { readonly what: string; readonly code: string },
  { reader }: Checking,
): void {
  const seen = new Map<string, Placed<string>>();
  for (const name of sound(names)) {
    const first = seen.get(name.value);
    if (first) {
      const message = `two ${what}s are called "${name.value}", the first on line ${first.at.line}`;
      reader.problem({ at: name.at, code, message, try: `${name.value} 2` });
    } else {
      seen.set(name.value, name);
    }
  }
}

function checkRule(rule: Draft<RuleSettings['value']>, checking: Checking): void {
  const who = `rule "${rule.name?.value ?? ''}"`;
  const { settings, reader } = checking;
  const sources = [...new Set([...namesOf(settings.sources), OWN_SOURCE])];
  const targets = [...new Set([...namesOf(settings.targets), SUBSCRIBERS])];
  const from = sound(rule.from);
  for (const source of from) {
    if (sources.includes(source.value)) continue;
    const unknown = { code: 'RULE_UNKNOWN_SOURCE', who: `${who} is from`, what: 'source', known: sources };
    unknownName(source, reader, unknown);
  }
  checkRepeats(from, { who, reader });
  const to = sound(rule.to);
  for (const target of to) {
    if (target.value === SUBSCRIBERS && settings.subscriptions === null) {
      const message = `${who} sends to subscribers, and nobody can subscribe here`;
      reader.problem({ at: target.at, code: 'RULE_NO_SUBSCRIBERS', message, try: 'adding `subscriptions:`' });
    } else if (!targets.includes(target.value)) {
      const unknown = { code: 'RULE_UNKNOWN_TARGET', who: `${who} sends to`, what: 'target', known: targets };
      unknownName(target, reader, unknown);
    }
  }
  checkRepeats(to, { who, reader });
  checkEventTypes(rule, checking);
}

function checkRepeats(
  names: readonly Placed<string>[],
  { who, reader }: { readonly who: string; readonly reader: Checking['reader'] },
): void {
  for (const [i, name] of names.entries()) {
    if (names.findIndex((one) => one.value === name.value) === i) continue;
    const message = `${who} names "${name.value}" twice`;
    reader.problem({ at: name.at, code: 'RULE_REPEATED_NAME', message, try: 'leaving one of them out' });
  }
}

/** An event type has to be known to the format of at least one of the rule's sources. */
function checkEventTypes(rule: Draft<RuleSettings['value']>, checking: Checking): void {
  const names = rule.from === null ? namesOf(checking.settings.sources) : sound(rule.from).map(({ value }) => value);
  const isOwn = names.includes(OWN_SOURCE);
  const formats = names.map((name) => formatOfSource(name, checking));
  const isUnclear = rule.from === undefined || names.length === 0 || (!isOwn && formats.includes(undefined));
  if (isUnclear || isOwn || formats.some((format) => format?.open)) return;
  const known = [...new Set(formats.flatMap((format) => Object.keys(format?.events ?? {})))];
  for (const type of sound(rule.on)) {
    if (known.includes(type.value)) continue;
    unknownName(type, checking.reader, {
      code: 'RULE_UNKNOWN_EVENT',
      who: `rule "${rule.name?.value ?? ''}" is on`,
      what: `event of ${[...new Set(formats.map((format) => format?.name))].join(' or ')}`,
      known,
    });
  }
}
