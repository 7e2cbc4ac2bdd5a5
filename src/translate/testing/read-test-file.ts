/** Reads a mapping's `.test.yaml`: each test with the request that stands for its event, and what is expected of it. */
import { nearest, type Position, type Problem } from '../../kit/problem.ts';
import { plainValue, readYaml, type YamlMap, type YamlNode } from '../../kit/yaml.ts';
import type { RawRequest } from '../../model/event.ts';
import type { Format } from '../../model/format.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Report } from '../fragments.ts';
import type { Mapping } from '../mapping.ts';
import { checkKeys, entry, requiredEntry } from '../structure/keys.ts';
import { unfitParam } from '../unfit-param.ts';
import { type Expectation, readExpectation } from './expectation.ts';
import { objectAt } from './object-at.ts';
import { optionsAt } from './options-at.ts';
import { readRequest } from './test-request.ts';

export interface MappingTest {
  readonly name: string;
  readonly at: Position;
  readonly request: RawRequest;
  readonly params: JsonObject;
  /** The target's options, under `target`: `version` of bsr. */
  readonly options: JsonObject;
  readonly sourceOptions: JsonObject;
  readonly expected: Expectation;
}

interface TestFile {
  readonly file: string;
  readonly text: string;
  readonly format: Format;
  readonly to: Format;
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

export function readTestFile({ file, text, format, to, mapping }: TestFile): {
  readonly tests: readonly MappingTest[];
  readonly problems: readonly Problem[];
} {
  const { root, problems: found } = readYaml(text, file);
  const problems = [...found];
  const report: Report = (problem) => void problems.push(problem);
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
  const tests = root.items.flatMap((node) => readTest(node, { format, to, mapping, names, problems, report }) ?? []);
  return { tests, problems };
}

interface Reading {
  readonly format: Format;
  readonly to: Format;
  readonly mapping: Mapping;
  readonly names: Set<string>;
  readonly problems: readonly Problem[];
  readonly report: Report;
}

function readTest(node: YamlNode, reading: Reading): MappingTest | undefined {
  const { report, names } = reading;
  const before = reading.problems.length;
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
    const at = nameNode?.at ?? node.at;
    const advice = name === '' ? 'name: a clip becomes a recording' : `name: ${name}, and what is different here`;
    report({ at, code: 'TEST_NAME', message: 'each test needs a name of its own', try: advice });
    return undefined;
  }
  names.add(name);
  const receivedAt = receivedAtOf(node, report);
  const request =
    receivedAt === undefined ? undefined : readRequest(requiredEntry(node, 'event').value, { ...reading, receivedAt });
  const expected = readExpectation(node, report);
  checkParams(entry(node, 'params')?.value, reading);
  const params = objectAt(node, 'params', report);
  const options = optionsAt(node, 'target', { format: reading.to, report });
  const sourceOptions = optionsAt(node, 'source', reading);
  if (!request || !expected || reading.problems.length > before) return undefined;
  return {
    name,
    at: node.at,
    request,
    params,
    options,
    sourceOptions,
    expected,
  };
}

function checkParams(node: YamlNode | undefined, { mapping, report }: Reading): void {
  if (node?.kind !== 'map') return;
  for (const { key, keyAt, value } of node.entries) {
    if (mapping.params.has(key)) {
      const unfit = unfitParam(key, plainValue(value), mapping);
      if (unfit) report({ at: value.at, code: 'TEST_PARAM', ...unfit });
      continue;
    }
    const names = [...mapping.params.keys()];
    const advice = nearest(key, names) ?? (names.join(', ') || 'take it away');
    report({ at: keyAt, code: 'TEST_PARAM', message: `the mapping has no param ${key}`, try: advice });
  }
}

function receivedAtOf(node: YamlMap, report: Report): number | undefined {
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
