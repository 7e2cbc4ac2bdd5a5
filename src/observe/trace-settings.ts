/** Where traces go, from OpenTelemetry's own environment variables; nowhere where they name no collector. */

export interface TraceSettings {
  /** OTLP over HTTP, JSON. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the traces say of this relay; `service.name` is among it. */
  readonly resource: Readonly<Record<string, string>>;
  /** The part of the traces that is kept, 0 to 1. */
  readonly ratio: number;
  /** A sender's decision to keep its trace or not holds here, too. */
  readonly isParentBased: boolean;
  /** Traces are read from senders and told to targets, as W3C Trace Context. */
  readonly propagates: boolean;
}

/**
 * Undefined where traces are off. A variable that cannot be used is told by its name, and counts as left out. An empty one is none.
 * Source: OpenTelemetry's "Environment Variable Specification", "OTLP Exporter Configuration" and "Resource SDK".
 */
export function readTraceSettings(env: NodeJS.ProcessEnv, failed: (reason: string) => void): TraceSettings | undefined {
  const isOff = isWord(env.OTEL_SDK_DISABLED, 'true') || isWord(env.OTEL_TRACES_EXPORTER, 'none');
  const [name, endpoint] = firstSet(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (isOff || endpoint === '') return undefined;
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    failed(`${name} is no http or https URL, such as http://localhost:4318`);
    return undefined;
  }
  const url = new URL(endpoint);
  const authorization = basicOf(url);
  url.username = '';
  url.password = '';
  if (name === 'OTEL_EXPORTER_OTLP_ENDPOINT') url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`;
  return {
    url: url.href,
    headers: { ...authorization, ...headersOf(env, failed) },
    resource: resourceOf(env, failed),
    ratio: ratioOf(env),
    isParentBased: /^(?:parentbased_.*)?$/i.test(env.OTEL_TRACES_SAMPLER?.trim() ?? ''),
    propagates: propagatesIn(env),
  };
}

function firstSet(env: NodeJS.ProcessEnv, ...names: readonly string[]): readonly [name: string, value: string] {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return [name, value];
  }
  return ['', ''];
}

function isWord(value: string | undefined, word: string): boolean {
  return value?.trim().toLowerCase() === word;
}

/** `fetch` takes no URL with a user in it. */
function basicOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${decoded(username) ?? username}:${decoded(password) ?? password}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function headersOf(env: NodeJS.ProcessEnv, failed: (reason: string) => void): Readonly<Record<string, string>> {
  const [name, text] = firstSet(env, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS');
  const headers: Record<string, string> = {};
  for (const [key, written] of pairs(text)) {
    const value = decoded(written) ?? written;
    if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      headers[key.toLowerCase()] = value;
    } else failed(`${name} has a header that HTTP does not allow`);
  }
  return headers;
}

function resourceOf(env: NodeJS.ProcessEnv, failed: (reason: string) => void): Readonly<Record<string, string>> {
  const found = pairs(env.OTEL_RESOURCE_ATTRIBUTES ?? '').map(([key, written]) => [key, decoded(written)] as const);
  const isReadable = found.every(([, value]) => value !== undefined);
  if (!isReadable) failed('OTEL_RESOURCE_ATTRIBUTES is not percent-encoded, so it is left out');
  const attributes = isReadable ? (Object.fromEntries(found) as Record<string, string>) : {};
  return { ...attributes, 'service.name': env.OTEL_SERVICE_NAME || attributes['service.name'] || 'dragoman' };
}

function ratioOf(env: NodeJS.ProcessEnv): number {
  const sampler = env.OTEL_TRACES_SAMPLER?.trim().toLowerCase() ?? '';
  const argument = env.OTEL_TRACES_SAMPLER_ARG?.trim() ?? '';
  if (sampler.endsWith('always_off')) return 0;
  if (!sampler.endsWith('traceidratio')) return 1;
  const ratio = Number(argument);
  return argument !== '' && ratio >= 0 && ratio <= 1 ? ratio : 1;
}

function propagatesIn(env: NodeJS.ProcessEnv): boolean {
  const names = env.OTEL_PROPAGATORS?.trim() || 'tracecontext';
  return names.split(',').some((name) => isWord(name, 'tracecontext'));
}

/** `a=b,c=d`, values percent-encoded. */
function pairs(text: string): readonly (readonly [key: string, written: string])[] {
  return text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const];
  });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
