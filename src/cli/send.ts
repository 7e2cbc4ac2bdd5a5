/** `dragoman send FORMAT/EVENT`: posts a documented sample to a running relay. */
import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import type { Format } from '../model/format.ts';
import { problemFailure } from './problem-failure.ts';
import { findSample } from './sample.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal }: Input): Promise<void> {
  const { format, type, sample } = findSample(formats, args[0] ?? '', options.sample as string | undefined);
  const { url, secret } =
    typeof options.to === 'string'
      ? { url: addressOf(options.to), secret: undefined }
      : configuredUrl(format, String(options.config));
  const renew = (text: string): string => (options.fresh === true ? refreshed(text, Date.now()) : text);
  const address = new URL(sample.search ? `${url}${url.includes('?') ? '&' : '?'}${renew(sample.search)}` : url);
  const headers = { ...sample.headers, ...(secret ? { authorization: `Bearer ${secret}` } : {}) };
  const answer = await post(address, {
    method: sample.method,
    headers,
    body: sample.body === undefined ? null : renew(sample.body),
  });
  const text = await answer.body.text();
  if (options.json)
    terminal.json({ sent: `${format.name}/${type}`, to: String(address), status: answer.statusCode, answer: text });
  else terminal.print(`${sample.method} ${address.origin}${address.pathname}  ${answer.statusCode}  ${text}`);
  if (answer.statusCode >= 300) process.exitCode = 1;
}

function addressOf(to: string): string {
  if (/^https?:\/\//i.test(to) && URL.canParse(to)) return to;
  const meant = /:\/\//.test(to) || !URL.canParse(`http://${to}`) ? 'http://localhost:8080/in/…' : `http://${to}`;
  throw new Failure(`--to takes a URL, not "${to}"`, meant, 2);
}

function configuredUrl(format: Format, path: string): { readonly url: string; readonly secret: string | undefined } {
  const { config, problems } = loadConfig({ path, env: process.env, formats });
  if (!config) throw problemFailure(problems);
  const source = config.sources.find((one) => one.format === format.name && one.enabled);
  if (!source)
    throw new Failure(
      `the configuration has no source of format ${format.name}`,
      `--to http://localhost:${config.server.port}/…`,
    );
  return {
    url: `http://${reachable(config.server.host)}:${config.server.port}${source.path}`,
    secret: source.secrets[0],
  };
}

/** A host as a URL of this machine writes it. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** A text in which each UUID, and each epoch time under a key that names one, is new: what makes a sample no repeat of itself. */
function refreshed(text: string, now: number): string {
  const id = randomUUID();
  return text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id)
    .replace(/("(?:timestamp|eventTime)"\s*:\s*)(\d+)/g, (_, key: string, time: string) => key + epochLike(time, now))
    .replace(/\b1\d{12}(?=_)/g, String(now));
}

/** Now, in the unit of an epoch time: seconds or milliseconds. */
function epochLike(time: string, now: number): string {
  return String(time.length > 11 ? now : Math.floor(now / 1000));
}

async function post(
  address: URL,
  options: { readonly method: string; readonly headers: Record<string, string>; readonly body: string | null },
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
