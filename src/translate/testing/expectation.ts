/** What a test expects: requests, a drop or an error. */
import { plainValue, type YamlMap, type YamlNode } from '../../kit/yaml.ts';
import type { Report } from '../fragments.ts';
import { checkKeys, entry, requiredEntry } from '../structure/keys.ts';
import { EXPECTED_KEYS, type ExpectedRequest } from './expected-request.ts';

export type Expectation =
  | { readonly kind: 'requests'; readonly requests: readonly ExpectedRequest[] }
  /** A part of the reason; empty for any. */
  | { readonly kind: 'drop'; readonly reason: string }
  /** The code, or a part of the message. */
  | { readonly kind: 'error'; readonly error: string };

/** Undefined where it cannot be read; that is reported. */
export function readExpectation(node: YamlMap, report: Report): Expectation | undefined {
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
  const value = requiredEntry(node, only).value;
  if (only === 'expect') return readRequests(value, report);
  const plain = plainValue(value);
  if (only === 'expect_drop' && (plain === true || typeof plain === 'string'))
    return { kind: 'drop', reason: plain === true ? '' : plain };
  if (only === 'expect_error' && typeof plain === 'string' && plain !== '') return { kind: 'error', error: plain };
  const isDrop = only === 'expect_drop';
  const message = isDrop
    ? 'expect_drop is true or a part of the reason'
    : 'expect_error is a code or a part of the message';
  const advice = isDrop ? 'expect_drop: true' : 'expect_error: MAPPING_MISSING_VALUE';
  report({ at: value.at, code: 'TEST_SHAPE', message, try: advice });
  return undefined;
}

function readRequests(node: YamlNode, report: Report): Expectation | undefined {
  const nodes = node.kind === 'list' ? node.items : [node];
  const keys = Object.fromEntries(EXPECTED_KEYS.map((key) => [key, { required: false }]));
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
