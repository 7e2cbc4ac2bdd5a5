/** Checks of sources: their formats, paths, signatures and registrations. */

import type { FormatOptions } from '../../model/format.ts';
import type { SettingsDraft } from '../settings.ts';
import type { Draft, Placed } from '../shape.ts';
import { checkFormat } from './format.ts';
import { type Checking, sound, unknownName } from './report.ts';

/** Paths of the server port that are the relay's own. */
const OWN_PATHS = ['/v1/webhook', '/healthz', '/readyz', '/metrics'];

type NamedSource = NonNullable<NonNullable<SettingsDraft['sources']>[number]>;

/** Checks every source; gives the options of each, read by the rules of its format, by the source's name. */
export function checkSources(checking: Checking): ReadonlyMap<string, FormatOptions> {
  const options = new Map<string, FormatOptions>();
  const paths = new Map<string, Placed<string>>();
  for (const source of checking.settings.sources ?? []) {
    if (source?.name === undefined || !source.value) continue;
    options.set(source.name, checkFormat('source', source, checking));
    checkPath(source, paths, checking);
    checkVerify(source, checking);
    checkRegister(source, checking);
  }
  return options;
}

function checkPath(source: NamedSource, taken: Map<string, Placed<string>>, { reader }: Checking): void {
  const { name = '', value } = source;
  const at = value?.path?.at ?? source.at;
  const path = value?.path === null ? `/in/${name}` : value?.path?.value;
  if (path === undefined || at === undefined) return;
  const own = OWN_PATHS.find((one) => path === one || path.startsWith(`${one}/`));
  if (own) {
    const message = `sources.${name}.path lies under ${own}, which the relay serves itself`;
    reader.problem({ at, code: 'CONFIG_RESERVED_PATH', message, try: `/in/${name}` });
  }
  const first = taken.get(path);
  if (first) {
    const message = `two sources have the path ${path}, the first on line ${first.at.line}`;
    reader.problem({
      at,
      code: 'CONFIG_DUPLICATE_PATH',
      message,
      try: path === `/in/${name}` ? `/in/${name}-2` : `/in/${name}`,
    });
  } else {
    taken.set(path, { value: path, at });
  }
}

const ONLY_FOR_HMAC = ['header', 'algorithm', 'encoding', 'prefix'] as const;

function checkVerify(source: NamedSource, { reader }: Checking): void {
  const verify = source.value?.verify;
  if (!verify?.value || !verify.at) return;
  const name = `sources.${source.name}.verify`;
  const { at, value } = verify;
  if (value.kind === 'hmac' && value.header === null) {
    const message = `${name} has no "header", which kind hmac requires`;
    reader.problem({ at, code: 'CONFIG_MISSING_KEY', message, try: 'header: x-hub-signature-256' });
  }
  const idle = value.kind === 'hmac' ? (['tolerance'] as const) : value.kind ? ONLY_FOR_HMAC : [];
  for (const key of idle) {
    if (value[key] === null || value[key] === undefined) continue;
    const message = `${name}.${key} has no meaning for kind ${value.kind}`;
    reader.problem({ at, code: 'CONFIG_IDLE_KEY', message, try: `leaving ${key} out` });
  }
  if (value.secret?.every((secret) => secret === '')) {
    const message = `${name}.secret is empty, so nothing could be checked`;
    reader.problem({ at, code: 'CONFIG_NO_VALUE', message, try: 'leaving verify out, or setting the secret' });
  }
  if (value.kind === 'standard-webhooks') checkWebhookSecrets(value.secret, { name, at, reader });
}

function checkWebhookSecrets(
  secrets: Draft<readonly string[]> | undefined,
  { name, at, reader }: { name: string; at: Placed<string>['at']; reader: Checking['reader'] },
): void {
  for (const secret of secrets ?? []) {
    const base64 = secret?.replace(/^whsec_/, '') ?? '';
    if (base64 === '' || /^[A-Za-z0-9+/]+={0,2}$/.test(base64)) continue;
    const message = `${name}.secret must be whsec_ and base64`;
    const advice = 'the secret as the sender shows it, with whsec_';
    reader.problem({ at, code: 'CONFIG_BAD_SIGNING_SECRET', message, try: advice });
  }
}

/** Sigma's is the one format that has a subscription API. */
const REGISTERS = 'sigma';

function checkRegister(source: NamedSource, { formats, reader }: Checking): void {
  const register = source.value?.register;
  if (!register?.at || !register.value) return;
  const format = source.value?.format?.value;
  if (format !== undefined && format !== REGISTERS) {
    const message = `sources.${source.name} is of format ${format}, which has no API to register at`;
    reader.problem({ at: register.at, code: 'CONFIG_IDLE_KEY', message, try: `format: ${REGISTERS}` });
    return;
  }
  const known = [...Object.keys(formats.get(REGISTERS)?.events ?? {}), 'all'];
  for (const type of sound<string>(register.value.events)) {
    if (known.includes(type.value) || known.length === 1) continue;
    const unknown = {
      code: 'RULE_UNKNOWN_EVENT',
      who: `sources.${source.name}.register asks for`,
      what: 'event of sigma',
      known,
    };
    unknownName(type, reader, unknown);
  }
}
