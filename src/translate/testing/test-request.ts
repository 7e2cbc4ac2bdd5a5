/** The request that stands for a test's event: a payload, a documented sample, or a request written out. */
import { stringifyJson } from '../../kit/json.ts';
import { nearest } from '../../kit/problem.ts';
import { plainValue, type YamlMap, type YamlNode } from '../../kit/yaml.ts';
import type { RawRequest } from '../../model/event.ts';
import type { Format, Sample } from '../../model/format.ts';
import type { Report } from '../fragments.ts';
import { checkKeys, entry, requiredEntry } from '../structure/keys.ts';
import { objectAt } from './object-at.ts';

export interface RequestReading {
  readonly format: Format;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly report: Report;
}

/** Undefined where it cannot be read; that is reported. */
export function readRequest(node: YamlNode, reading: RequestReading): RawRequest | undefined {
  if (node.kind === 'map' && entry(node, 'sample')) return sampleRequest(node, reading);
  if (node.kind === 'map' && isRequest(node)) return writtenRequest(node, reading);
  return requestOf({ method: 'POST', body: jsonText(node) }, reading.receivedAt);
}

/** A payload may have a field `method`; a request has nothing else than its parts. */
function isRequest(node: YamlMap): boolean {
  const parts = ['method', 'query', 'headers', 'body'];
  return entry(node, 'method') !== undefined && node.entries.every(({ key }) => parts.includes(key));
}

function writtenRequest(node: YamlMap, { receivedAt, report }: RequestReading): RawRequest {
  const method = String(plainValue(requiredEntry(node, 'method').value)).toUpperCase();
  const body = entry(node, 'body')?.value;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(objectAt(node, 'query', report))) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const headers = Object.entries(objectAt(node, 'headers', report)).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const text = body && (body.kind === 'value' && typeof body.value === 'string' ? body.value : jsonText(body));
  return requestOf(
    {
      method,
      search: query.toString(),
      headers: Object.fromEntries(headers),
      ...(text !== undefined && { body: text }),
    },
    receivedAt,
  );
}

function jsonText(node: YamlNode): string {
  return stringifyJson(plainValue(node));
}

function requestOf(
  parts: Omit<Sample, 'name' | 'headers'> & { readonly headers?: Sample['headers'] },
  receivedAt: number,
): RawRequest {
  const { method, search = '', headers = {}, body } = parts;
  const type: Readonly<Record<string, string>> = body === undefined ? {} : { 'content-type': 'application/json' };
  return { method, path: '/', search, headers: { ...type, ...headers }, body: Buffer.from(body ?? ''), receivedAt };
}

/** `live.started` is the first sample of that event, `live.started/v2.16` one by its name. */
function sampleRequest(node: YamlMap, { format, report, receivedAt }: RequestReading): RawRequest | undefined {
  if (!checkKeys(node, { sample: { required: true } }, report)) return undefined;
  const where = requiredEntry(node, 'sample').value;
  const wanted = where.kind === 'value' ? String(where.value) : '';
  const all = namedSamples(format);
  const found = all.find(([name]) => name === wanted);
  if (found) return requestOf(found[1], receivedAt);
  const names = all.map(([name]) => name);
  const advice = nearest(wanted, names) ?? `one of ${names.join(', ')}`;
  report({ at: where.at, code: 'TEST_SAMPLE', message: `${format.name} has no sample ${wanted}`, try: advice });
  return undefined;
}

function namedSamples({ events }: Format): readonly (readonly [name: string, sample: Sample])[] {
  return Object.entries(events).flatMap(([type, { samples }]) => {
    const named = samples.map((sample) => [`${type}/${sample.name}`, sample] as const);
    return samples[0] ? [[type, samples[0]] as const, ...named] : named;
  });
}
