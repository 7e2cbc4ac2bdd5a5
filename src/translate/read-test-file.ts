/** Reads a mapping's `.test.yaml`: each test with the request that stands for its event, and what is expected of it. */
import { stringifyJson } from '../kit/json.ts';
import { nearest, type Position, type Problem } from '../kit/problem.ts';
import { plainValue, readYaml, type YamlMap, type YamlNode } from '../kit/yaml.ts';
import type { RawRequest } from '../model/event.ts';
import type { Format, Sample } from '../model/format.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { EXPECTED_KEYS, type ExpectedRequest } from './expected-request.ts';
import type { Mapping } from './mapping.ts';
import { checkKeys, entry } from './structure/keys.ts';

export interface MappingTest {
  readonly name: string;
  readonly at: Position;
  readonly request: RawRequest;
  readonly params: JsonObject;
  /** The target's options, under `target`: `version` of bsr. */
  readonly options: JsonObject;
  readonly sourceOptions: JsonObject;
  readonly expected:
    | { readonly kind: 'requests'; readonly requests: readonly ExpectedRequest[] }
    /** A part of the reason; empty for any. */
    | { readonly kind: 'drop'; readonly reason: string }
    /** The code, or a part of the message. */
    | { readonly kind: 'error'; readonly error: string };
}

interface TestFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
  readonly mapping: Mapping;
}

const optional = { required: false };
const needed = { required: true };
const KEYS = {
  name: needed,
  event: needed,
  params: optional,
  target: optional,
  source: optional,
  received_at: optional,
  expect: optional,
  expect_drop: optional,
  expect_error: optional,
};

/** When a test's event came in, where the test does not say: a fixed moment, so that tests give the same every day. */
const RECEIVED_AT = '2026-01-01T00:00:00.000Z';

export function readTestFile({ file, text, format, mapping }: TestFile): {
  readonly tests: readonly MappingTest[];
  readonly problems: readonly Problem[];
} {
  const { root, problems: found } = readYaml(text, file);
  const problems = [...found];
  const report = (problem: Problem): void => {
    problems.push(problem);
  };
  if (found.length > 0) return { tests: [], problems };
  if (root?.kind !== 'list') {
    report({
      at: root?.at ?? { file, line: 1, column: 1 },
      code: 'TEST_SHAPE',
      message: 'a test file holds a list of tests',
      try: '- name: …',
    });
    return { tests: [], problems };
  }
  const names = new Set<string>();
  const tests = root.items.flatMap((node) => readTest(node, { format, mapping, names, report }) ?? []);
  return { tests, problems };
}

interface Reading {
  readonly format: Format;
  readonly mapping: Mapping;
  readonly names: Set<string>;
  readonly report: (problem: Problem) => void;
}

function readTest(node: YamlNode, reading: Reading): MappingTest | undefined {
  const { report, names } = reading;
  if (node.kind !== 'map') {
    report({
      at: node.at,
      code: 'TEST_SHAPE',
      message: 'a test has a name:, an event: and what to expect',
      try: '- name: …',
    });
    return undefined;
  }
  if (!checkKeys(node, KEYS, report)) return undefined;
  const nameNode = entry(node, 'name')?.value;
  const name = nameNode?.kind === 'value' ? String(nameNode.value ?? '') : '';
  if (name === '' || names.has(name)) {
    report({ at: nameNode?.at ?? node.at, code: 'TEST_NAME', message: 'each test needs a name of its own' });
    return undefined;
  }
  names.add(name);
  const receivedAt = receivedAtOf(node, report);
  const request =
    receivedAt === undefined
      ? undefined
      : readRequest(entry(node, 'event')?.value as YamlNode, { ...reading, receivedAt });
  const expected = readExpected(node, report);
  checkParams(entry(node, 'params')?.value, reading);
  if (!request || !expected) return undefined;
  return {
    name,
    at: node.at,
    request,
    params: objectAt(node, 'params', report),
    options: objectAt(node, 'target', report),
    sourceOptions: objectAt(node, 'source', report),
    expected,
  };
}

function objectAt(node: YamlMap, key: string, report: Reading['report']): JsonObject {
  const value = entry(node, key)?.value;
  if (!value) return {};
  if (value.kind === 'map') return plainValue(value) as JsonObject;
  report({ at: value.at, code: 'TEST_SHAPE', message: `${key} holds names with their values` });
  return {};
}

function checkParams(node: YamlNode | undefined, { mapping, report }: Reading): void {
  if (node?.kind !== 'map') return;
  for (const { key, keyAt } of node.entries) {
    if (mapping.params.has(key)) continue;
    const names = [...mapping.params.keys()];
    const advice = nearest(key, names) ?? (names.join(', ') || 'take it away');
    report({ at: keyAt, code: 'TEST_PARAM', message: `the mapping has no param ${key}`, try: advice });
  }
}

function receivedAtOf(node: YamlMap, report: Reading['report']): number | undefined {
  const value = entry(node, 'received_at')?.value;
  const ms = Date.parse(value?.kind === 'value' ? String(value.value) : value ? '' : RECEIVED_AT);
  if (Number.isFinite(ms)) return ms;
  report({
    at: value?.at ?? node.at,
    code: 'TEST_SHAPE',
    message: 'received_at is an ISO 8601 time',
    try: RECEIVED_AT,
  });
  return undefined;
}

function readRequest(node: YamlNode, reading: Reading & { readonly receivedAt: number }): RawRequest | undefined {
  if (node.kind === 'map' && entry(node, 'sample')) return sampleRequest(node, reading);
  if (node.kind === 'map' && isRequest(node)) return writtenRequest(node, reading);
  return requestOf({ method: 'POST', body: jsonText(node) }, reading.receivedAt);
}

/** A payload may have a field `method`; a request has nothing else than its parts. */
function isRequest(node: YamlMap): boolean {
  const parts = ['method', 'query', 'headers', 'body'];
  return entry(node, 'method') !== undefined && node.entries.every(({ key }) => parts.includes(key));
}

function writtenRequest(node: YamlMap, { receivedAt, report }: Reading & { readonly receivedAt: number }): RawRequest {
  const method = String(plainValue(entry(node, 'method')?.value as YamlNode)).toUpperCase();
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
function sampleRequest(
  node: YamlMap,
  { format, report, receivedAt }: Reading & { readonly receivedAt: number },
): RawRequest | undefined {
  if (!checkKeys(node, { sample: needed }, report)) return undefined;
  const where = entry(node, 'sample')?.value as YamlNode;
  const wanted = where.kind === 'value' ? String(where.value) : '';
  const all = Object.entries(format.events).flatMap(([type, { samples }]) =>
    samples.flatMap((sample, index) => [
      ...(index === 0 ? [[type, sample] as const] : []),
      [`${type}/${sample.name}`, sample] as const,
    ]),
  );
  const found = all.find(([name]) => name === wanted);
  if (found) return requestOf(found[1], receivedAt);
  const names = all.map(([name]) => name);
  const advice = nearest(wanted, names) ?? `one of ${names.join(', ')}`;
  report({ at: where.at, code: 'TEST_SAMPLE', message: `${format.name} has no sample ${wanted}`, try: advice });
  return undefined;
}

function readExpected(node: YamlMap, report: Reading['report']): MappingTest['expected'] | undefined {
  const given = ['expect', 'expect_drop', 'expect_error'].filter((key) => entry(node, key));
  const [only] = given;
  if (given.length !== 1 || only === undefined) {
    report({
      at: node.at,
      code: 'TEST_SHAPE',
      message: 'a test has one of expect, expect_drop and expect_error',
      try: 'expect: [ { method: POST, body: … } ]',
    });
    return undefined;
  }
  const value = entry(node, only)?.value as YamlNode;
  if (only === 'expect') return readRequests(value, report);
  const plain = plainValue(value) as Json;
  if (only === 'expect_drop' && (plain === true || typeof plain === 'string'))
    return { kind: 'drop', reason: plain === true ? '' : plain };
  if (only === 'expect_error' && typeof plain === 'string' && plain !== '') return { kind: 'error', error: plain };
  const message =
    only === 'expect_drop'
      ? 'expect_drop is true or a part of the reason'
      : 'expect_error is a code or a part of the message';
  report({ at: value.at, code: 'TEST_SHAPE', message });
  return undefined;
}

function readRequests(node: YamlNode, report: Reading['report']): MappingTest['expected'] | undefined {
  const nodes = node.kind === 'list' ? node.items : [node];
  const keys = Object.fromEntries(EXPECTED_KEYS.map((key) => [key, optional]));
  const good = nodes.filter((one) => {
    if (one.kind === 'map') return checkKeys(one, keys, report);
    report({
      at: one.at,
      code: 'TEST_SHAPE',
      message: 'an expected request is an object',
      try: '{ method: POST, body: … }',
    });
    return false;
  });
  if (good.length < nodes.length) return undefined;
  if (nodes.length === 0) {
    report({
      at: node.at,
      code: 'TEST_SHAPE',
      message: 'a mapping that sends nothing is expect_drop',
      try: 'expect_drop: true',
    });
    return undefined;
  }
  return { kind: 'requests', requests: nodes.map((one) => plainValue(one) as ExpectedRequest) };
}
