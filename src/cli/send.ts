/** `dragoman send FORMAT/EVENT`: posts a documented sample to a running relay, or prints it. */
import { request } from 'undici';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { reachableHost } from '../kit/shown.ts';
import type { Format, Sample } from '../model/format.ts';
import type { Source } from '../model/source.ts';
import { freshSample } from './fresh-sample.ts';
import { problemFailure } from './problem-failure.ts';
import { findSample } from './sample.ts';
import { sampleProof } from './sample-proof.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal }: Input): Promise<void> {
  const { format, type, sample } = findSample(args[0] ?? '', options.sample as string | undefined);
  const isFresh = options.fresh === true;
  const now = Date.now();
  const written = isFresh ? freshSample(sample, now) : sample;
  if (options.print) return print(written, options, terminal);
  const { url, source } =
    typeof options.to === 'string'
      ? givenUrl(options.to, String(options.config))
      : configuredUrl(format, String(options.config));
  const address = new URL(written.search ? `${url}${url.includes('?') ? '&' : '?'}${written.search}` : url);
  const { method } = written;
  const body = Buffer.from(written.body ?? '');
  const proof = source ? sampleProof(source, { headers: written.headers, body, now, isFresh }) : {};
  const headers = { ...written.headers, ...proof };
  const answer = await post(address, { method, headers, body: written.body === undefined ? null : body });
  const text = await answer.body.text();
  if (options.json)
    terminal.json({ sent: `${format.name}/${type}`, to: String(address), status: answer.statusCode, answer: text });
  else {
    terminal.print(`${method} ${address.origin}${address.pathname}  ${answer.statusCode}  ${text}`);
    if (!isFresh && /"duplicate":\s*true/.test(text))
      terminal.complain('The relay has this event already, so nothing is sent again.\n  Try: --fresh, for a new one');
  }
  if (answer.statusCode >= 300) process.exitCode = 1;
}

/** The payload as `explain` and `translate` read it: the body, or the query of a sample that has none. */
function print({ method, search = '', headers, body }: Sample, options: Input['options'], terminal: Terminal): void {
  if (options.json) terminal.json({ method, search, headers, body: body ?? null });
  else terminal.print(body ?? search);
}

interface Destination {
  readonly url: string;
  /** Whose secrets the request is to show; undefined where it is not one of ours. */
  readonly source: Source | undefined;
}

/** A URL on this machine with the path of a configured source is that source's, unless it brings a secret of its own. */
function givenUrl(to: string, configPath: string): Destination {
  const url = addressOf(to);
  const { hostname, pathname, username, searchParams } = new URL(url);
  const { config } = loadConfig({ path: configPath, env: process.env, formats });
  const isHere = LOOPBACK.test(hostname) || hostname === config?.server.host;
  const isBare = username === '' && !searchParams.has('secret');
  const source = isHere && isBare ? config?.sources.find(({ path }) => path === pathname) : undefined;
  return { url, source };
}

/** A secret goes to no other machine only because its path is called the same. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

function addressOf(to: string): string {
  if (/^https?:\/\//i.test(to) && URL.canParse(to)) return to;
  const meant = /:\/\//.test(to) || !URL.canParse(`http://${to}`) ? 'http://localhost:8080/in/…' : `http://${to}`;
  throw new Failure(`--to takes a URL, not "${to}"`, meant, 2);
}

function configuredUrl(format: Format, path: string): Destination {
  const { config, problems } = loadConfig({ path, env: process.env, formats });
  if (!config) throw problemFailure(problems);
  const source = config.sources.find((one) => one.format === format.name && one.enabled);
  if (!source)
    throw new Failure(
      `the configuration has no source of format ${format.name}`,
      `--to http://localhost:${config.server.port}/…`,
    );
  return { url: `http://${reachableHost(config.server.host)}:${config.server.port}${source.path}`, source };
}

async function post(
  address: URL,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body: Uint8Array | null },
) {
  try {
    return await request(address, { ...options, headersTimeout: 10_000, bodyTimeout: 10_000 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ECONNREFUSED')
      throw new Failure(`nothing listens at ${address.origin}`, 'npm start, in another terminal');
    throw new Failure(`${address.origin} did not answer: ${message}`);
  }
}
