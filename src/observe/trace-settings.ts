/** Where traces go, from OpenTelemetry's own environment variables; nowhere where they name no collector. */

export interface TraceSettings {
  /** OTLP over HTTP, JSON. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly service: string;
  /** The part of the traces that is kept, 0 to 1. */
  readonly ratio: number;
}

/** Undefined where traces are off. Source: OpenTelemetry's "Environment Variable Specification" and "OTLP Exporter Configuration". */
export function readTraceSettings(env: NodeJS.ProcessEnv): TraceSettings | undefined {
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? (base && `${base.replace(/\/$/, '')}/v1/traces`);
  const isOff = env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none';
  if (!url || isOff || !URL.canParse(url)) return undefined;
  return {
    url,
    headers: pairs(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    service: env.OTEL_SERVICE_NAME || 'dragoman',
    ratio: ratioOf(env),
  };
}

function ratioOf({
  OTEL_TRACES_SAMPLER: sampler = '',
  OTEL_TRACES_SAMPLER_ARG: argument = '',
}: NodeJS.ProcessEnv): number {
  if (sampler.endsWith('always_off')) return 0;
  if (!sampler.endsWith('traceidratio')) return 1;
  const ratio = Number(argument);
  return argument !== '' && ratio >= 0 && ratio <= 1 ? ratio : 1;
}

/** `a=b,c=d`, values percent-encoded. */
function pairs(text: string): Readonly<Record<string, string>> {
  const found = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(found);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
