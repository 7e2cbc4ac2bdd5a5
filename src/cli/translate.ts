/** `dragoman translate`: a wire payload in, the HTTP requests out as JSON lines; no store, no network, of a configuration only the mappings and params. */
import { readFileSync } from 'node:fs';
import { formats } from '../formats/index.ts';
import { decodeUtf8, stringifyJson } from '../kit/json.ts';
import { nearest } from '../kit/problem.ts';
import { whyUnreadable } from '../kit/unreadable.ts';
import type { RawRequest, RecognisedEvent, WrittenRequest } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import { printableRequest } from '../plan/printable-request.ts';
import { unsavedScope } from '../plan/unsaved-scope.ts';
import { prepareRequests } from '../translate/prepare.ts';
import { mappingForPair, mappingInFile } from './choose-mapping.ts';
import { paramsOf } from './mapping-params.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { configuredParams, mappingsFolder } from './read-config.ts';
import { requestOfPayload } from './request-of-payload.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export function run({ args, options, terminal: bare }: Input): void {
  const terminal = maskedTerminal(bare, options);
  const from = formatNamed(String(options.from));
  const to = formatNamed(String(options.to));
  const pair = { from: from.name, to: to.name };
  const mapping =
    typeof options.mapping === 'string'
      ? mappingInFile(options.mapping, pair, readText)
      : mappingForPair(mappingsFolder(String(options.config)), pair);
  const request = requestOf({ options, from, text: readInput(args[0]) });
  const event = recognise(from, request);
  const scope = unsavedScope({
    source: from.name,
    format: from.name,
    event,
    request,
    params: paramsOf(options.param as readonly string[], mapping, configuredParams(String(options.config))),
  });
  const prepared = prepareRequests({ mapping, scope, target: { format: to, options: {} } });
  if (prepared.kind === 'dead') throw new Failure(`${prepared.reason.message}  [${prepared.reason.code}]`);
  if (prepared.kind === 'dropped') terminal.complain(`dropped: ${prepared.reason.message}`);
  else for (const written of prepared.requests) terminal.print(requestLine(written));
}

function requestLine(request: WrittenRequest): string {
  return stringifyJson(printableRequest(request));
}

function formatNamed(name: string): Format {
  const format = formats.get(name);
  if (!format)
    throw new Failure(`"${name}" is no format`, nearest(name, formats.keys()) ?? [...formats.keys()].join(', '));
  return format;
}

function readInput(file: string | undefined): string {
  if (file !== undefined && file !== '-') return readText(file);
  if (process.stdin.isTTY) throw new Failure('there is no payload', 'name a file, or pipe the payload in', 2);
  return readFileSync(0, 'utf8');
}

function readText(file: string): string {
  const text = decodeUtf8(readBytes(file));
  if (text === undefined) throw new Failure(`${file} is not UTF-8 text`, 'saving it as UTF-8');
  return text;
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`the file ${file} ${whyUnreadable(error as NodeJS.ErrnoException)}`);
  }
}

interface Payload {
  readonly options: Record<string, unknown>;
  readonly from: Format;
  readonly text: string;
}

/** Method and query as they are given; where no query is, the payload may be one. */
function requestOf({ options, from, text }: Payload): RawRequest {
  const search = String(options.query).replace(/^\?/, '');
  const request = requestOfPayload(text, from);
  if (search === '' && request.search !== '') return request;
  const headers: Record<string, string> = text.trim() === '' ? {} : { 'content-type': 'application/json' };
  return { ...request, method: String(options.method).toUpperCase(), search, headers, body: Buffer.from(text) };
}

function recognise(format: Format, request: RawRequest): RecognisedEvent {
  const reading = format.read(request, {});
  switch (reading.kind) {
    case 'event':
      return reading.event;
    case 'ignored':
      throw new Failure(`${format.name} has no event "${reading.type}"`, Object.keys(format.events).join(', '));
    case 'malformed':
      throw new Failure(`${reading.message}  [${reading.code}]`);
    case 'invalid':
      throw new Failure(
        `this is no ${format.name} event:\n${reading.problems.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`,
      );
  }
}
