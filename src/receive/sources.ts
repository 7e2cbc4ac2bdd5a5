/** At the door: the configured sources, prepared once for each configuration so that a request only has to be looked up. */
import type { Clock } from '../kit/clock.ts';
import { compileNetworks, type Networks } from '../kit/networks.ts';
import type { Format } from '../model/format.ts';
import type { Source } from '../model/source.ts';
import { hashSecrets } from './credentials.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { compileVerification, type SignatureCheck } from './signature.ts';

/** What the door needs to know of a source's format. */
export type DoorFormat = Pick<Format, 'methods' | 'bodies' | 'reply'>;

export interface CompiledSource {
  readonly source: Source;
  readonly format: DoorFormat;
  /** The value of `Allow`. */
  readonly allow: string;
  /** SHA-256 of each secret; empty: none is asked for. */
  readonly secretHashes: readonly Buffer[];
  /** Null: from anywhere. */
  readonly allowFrom: Networks | null;
  readonly verify: SignatureCheck | null;
  readonly rate: RateLimit | null;
  /** Requests under way; the door counts. */
  inFlight: number;
}

/** The sources of one configuration; replaced whole when another is loaded. */
export interface SourceTable {
  readonly sources: readonly CompiledSource[];
  /** The source at a path, with or without a trailing slash. */
  find(path: string): CompiledSource | undefined;
}

export interface SourceContext {
  format(name: string): DoorFormat;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** The table that this one replaces: a source that is still there keeps the state of its rate limit. */
  readonly previous?: SourceTable;
}

/** Prepares the enabled sources; the others are as if they were not there. */
export function compileSources(sources: readonly Source[], context: SourceContext): SourceTable {
  const byPath = new Map<string, CompiledSource>();
  const compiled = sources.filter(({ enabled }) => enabled).map((source) => compileSource(source, context));
  for (const one of compiled) {
    byPath.set(one.source.path, one);
    byPath.set(`${one.source.path}/`, one);
  }
  return { sources: compiled, find: (path) => byPath.get(path) };
}

function compileSource(source: Source, { format, clock, previous }: SourceContext): CompiledSource {
  const { methods, bodies, reply } = format(source.format);
  return {
    source,
    format: { methods, bodies, reply },
    allow: [...methods, 'OPTIONS'].join(', '),
    secretHashes: hashSecrets(source.secrets),
    allowFrom: source.allowFrom.length > 0 ? compileNetworks(source.allowFrom) : null,
    verify: source.verify && compileVerification(source.verify),
    rate: keptRateLimit(source, previous) ?? (source.rate && createRateLimit(source.rate, clock)),
    inFlight: 0,
  };
}

function keptRateLimit({ name, rate }: Source, previous: SourceTable | undefined): RateLimit | undefined {
  const before = previous?.sources.find(({ source }) => source.name === name);
  const isSame = before?.source.rate?.count === rate?.count && before?.source.rate?.perMs === rate?.perMs;
  return isSame ? (before?.rate ?? undefined) : undefined;
}
