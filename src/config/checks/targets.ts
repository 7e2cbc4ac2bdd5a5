/** Checks of targets: their formats, headers, credentials and pauses. */
import type { FormatOptions } from '../../model/format.ts';
import type { SettingsDraft } from '../settings.ts';
import { checkFormat } from './format.ts';
import { type Checking, sound } from './report.ts';

type NamedTarget = NonNullable<NonNullable<SettingsDraft['targets']>[number]>;

/** Headers that the relay or HTTP itself sets. */
const OWN_HEADERS = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-connection',
];
const TELLING_HEADER = /auth|token|key|secret|pass|cookie|signature/;

/** Checks every target; gives the options of each, read by the rules of its format, by the target's name. */
export function checkTargets(checking: Checking): ReadonlyMap<string, FormatOptions> {
  const options = new Map<string, FormatOptions>();
  for (const target of checking.settings.targets ?? []) {
    if (target?.name === undefined || !target.value) continue;
    options.set(target.name, checkFormat('target', target, checking));
    checkHeaders(target, checking);
    checkTimes(target, checking);
  }
  return options;
}

function checkHeaders({ name, value }: NamedTarget, { reader }: Checking): void {
  const headers = value?.headers;
  if (!headers?.value || !headers.at) return;
  const seen = new Set<string>();
  for (const [written, header] of Object.entries(headers.value)) {
    const key = written.toLowerCase();
    const at = header?.at ?? headers.at;
    const refuse = (code: string, why: string, advice: string): void =>
      reader.problem({ at, code, message: `targets.${name}.headers.${written} ${why}`, try: advice });
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(key)) refuse('CONFIG_BAD_HEADER', 'is no header name', 'x-tenant');
    else if (OWN_HEADERS.includes(key) || /^(?:webhook|dragoman)-/.test(key)) {
      refuse('CONFIG_OWN_HEADER', 'is set by the relay itself', 'leaving it out');
    } else if (seen.has(key)) refuse('CONFIG_DUPLICATE_HEADER', 'is there twice: case does not count', 'one of them');
    seen.add(key);
    const text = header?.value;
    if (text === undefined) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text) || text !== text.trim()) {
      refuse('CONFIG_BAD_HEADER', 'must be Latin-1 text on one line without spaces around it', 'another value');
    }
    if (TELLING_HEADER.test(key)) rememberHeader(text, reader);
  }
  const url = value?.url?.value;
  const isCredentialed = url !== undefined && URL.canParse(url) && new URL(url).username !== '';
  const credentials = Object.entries(headers.value).find(([key]) => key.toLowerCase() === 'authorization');
  if (isCredentialed && credentials) {
    const message = `targets.${name} has credentials in its URL and an authorization header`;
    const [at] = sound([credentials[1]]).map((one) => one.at);
    reader.problem({ at: at ?? headers.at, code: 'CONFIG_TWO_CREDENTIALS', message, try: 'leaving one of them out' });
  }
}

/** A header's value, and what stands behind `Bearer `. */
function rememberHeader(text: string, reader: Checking['reader']): void {
  reader.secret(text);
  const [, credentials] = /^[A-Za-z]+ +(\S+)$/.exec(text) ?? [];
  if (credentials !== undefined) reader.secret(credentials);
}

function checkTimes({ name, at, value }: NamedTarget, { reader }: Checking): void {
  const pause = value?.breaker?.pause;
  const longest = value?.breaker?.longest;
  if (at && pause !== undefined && longest !== undefined && pause > longest) {
    const message = `targets.${name}.breaker has a pause that is longer than its longest`;
    reader.problem({ at, code: 'CONFIG_OUT_OF_RANGE', message, try: 'a pause that is shorter than longest' });
  }
  const both = value?.retry?.retry_on?.find((status) => status !== undefined && value.retry?.dead_on?.includes(status));
  if (at && both !== undefined) {
    const message = `targets.${name}.retry has ${both} under retry_on and under dead_on`;
    reader.problem({ at, code: 'CONFIG_CONTRADICTION', message, try: `${both} under one of them` });
  }
}
