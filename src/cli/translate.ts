/** `dragoman translate`: a wire payload in, the HTTP requests out as JSON lines; no store, no network, of a configuration only the mappings and params. */
import { stringifyJson } from '../kit/json.ts';
import type { RawRequest, WrittenRequest } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import { printableRequest } from '../plan/printable-request.ts';
import { unsavedScope } from '../plan/unsaved-scope.ts';
import { prepareRequests } from '../translate/prepare.ts';
import { mappingFile, mappingForPair, mappingInFile } from './choose-mapping.ts';
import { formatNamed } from './format-named.ts';
import { paramsOf } from './mapping-params.ts';
import { maskedTerminal } from './masked-terminal.ts';
import { readAs, readPayload, readText } from './payload.ts';
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
  const folder = (): string => mappingsFolder(String(options.config));
  const mapping =
    typeof options.mapping === 'string'
      ? mappingInFile(mappingFile(options.mapping, folder), pair, readText)
      : mappingForPair(folder(), pair);
  const request = requestOf({ options, from, text: readPayload(args[0]) });
  const reading = readAs(from, request, {});
  if (reading.kind === 'ignored')
    throw new Failure(`${from.name} has no event "${reading.type}"`, Object.keys(from.events).join(', '));
  const scope = unsavedScope({
    source: from.name,
    format: from.name,
    event: reading.event,
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
