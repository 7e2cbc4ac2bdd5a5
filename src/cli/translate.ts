/** `dragoman translate`: a wire payload in, the HTTP requests out as JSON lines; no configuration, no store, no network. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formats } from '../formats/index.ts';
import { decodeUtf8, parseJson, stringifyJson } from '../kit/json.ts';
import { formatProblem, nearest } from '../kit/problem.ts';
import type { RawRequest, RecognisedEvent, WrittenRequest } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { compileMappings, loadMappingsFrom } from '../plan/make-plan.ts';
import { mappingFiles, shown } from '../plan/mapping-files.ts';
import { printableRequest } from '../plan/printable-request.ts';
import { unsavedScope } from '../plan/unsaved-scope.ts';
import type { Mapping } from '../translate/mapping.ts';
import { prepareRequests } from '../translate/prepare.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export function run({ args, options, terminal }: Input): void {
  const from = formatNamed(String(options.from));
  const to = formatNamed(String(options.to));
  const mapping = chosenMapping({
    from,
    to,
    file: options.mapping as string | undefined,
    config: String(options.config),
  });
  const request = requestOf({ options, body: readInput(args[0]) });
  const event = recognise(from, request);
  const scope = unsavedScope({
    source: from.name,
    format: from.name,
    event,
    request,
    params: paramsOf(options.param as readonly string[], mapping),
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

function chosenMapping(choice: { from: Format; to: Format; file: string | undefined; config: string }): Mapping {
  const { from, to, file } = choice;
  const folder = [resolve(choice.config, '../../mappings'), new URL('../../mappings', import.meta.url).pathname].find(
    (path) => mappingFiles(path).length > 0,
  );
  const { mappings, problems } = file
    ? compileMappings([{ path: shown(resolve(file)), text: readText(file) }])
    : loadMappingsFrom(folder ?? 'mappings');
  const mine = [...mappings.values()].find((mapping) => mapping.from === from.name && mapping.to === to.name);
  if (mine) return mine;
  if (problems.length > 0) throw new Failure(`the mapping cannot be used\n${problems.map(formatProblem).join('\n')}`);
  throw new Failure(
    `there is no mapping from ${from.name} to ${to.name}`,
    `write mappings/${from.name}-to-${to.name}.yaml, or name one with --mapping`,
  );
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
  } catch {
    throw new Failure(`cannot read ${file}`);
  }
}

function requestOf({
  options,
  body,
}: {
  readonly options: Record<string, unknown>;
  readonly body: string;
}): RawRequest {
  const method = String(options.method).toUpperCase();
  const headers: Record<string, string> = body.trim() === '' ? {} : { 'content-type': 'application/json' };
  const search = String(options.query).replace(/^\?/, '');
  return { method, path: '/', search, headers, body: Buffer.from(body), receivedAt: Date.now() };
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

function paramsOf(given: readonly string[], mapping: Mapping): JsonObject {
  const params: Record<string, Json> = {};
  for (const one of given) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (key === undefined || value === undefined)
      throw new Failure(`--param takes key=value, not "${one}"`, undefined, 2);
    const parsed = parseJson(value);
    params[key] = parsed.ok ? (parsed.value as Json) : value;
  }
  const missing = [...mapping.params].find(([name, param]) => param.required && !Object.hasOwn(params, name));
  if (missing)
    throw new Failure(`mapping ${mapping.name} needs ${missing[0]}: ${missing[1].about}`, `--param ${missing[0]}=…`);
  return params;
}
