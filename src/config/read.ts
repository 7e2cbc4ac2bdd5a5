/** From the file's bytes to a tree whose text leaves can be filled in: the first step of loading the configuration. */
import { decodeUtf8 } from '../kit/json.ts';
import { notUtf8 } from '../kit/not-utf8.ts';
import type { Position, Problem } from '../kit/problem.ts';
import type { YamlNode, YamlScalar, YamlValue } from '../kit/yaml.ts';
import { readYaml } from '../kit/yaml.ts';
import { fillText, hasPlaceholder, type Meaning, type Surroundings } from './placeholders.ts';

/** A text leaf after `${env:…}` and `${file:…}` are filled in. */
export interface Filled {
  readonly value: YamlScalar;
  /** As it is written in the file, so free of what was filled in: for messages. */
  readonly written: string;
  /** True where something was filled in: `"8080"` from the environment may then stand for a number. */
  readonly isFilled: boolean;
}

export interface FillOptions {
  /** What is filled in is no secret. */
  readonly isPublic?: boolean;
  /** The advice for a `${…}` of another language. */
  readonly meant?: Meaning;
}

/** Collects what is found while the tree is read: problems, and values that must never be shown. */
export interface Reader {
  /** The value of a leaf; undefined where it could not be filled in, which has then been reported. */
  fill(node: YamlValue, options?: FillOptions): Filled | undefined;
  /** A value that logs and pages must mask. */
  secret(value: string): void;
  problem(problem: Problem): void;
  readonly problems: readonly Problem[];
  readonly secrets: ReadonlySet<string>;
  /** Every text that was filled in, also those too short to be masked. */
  readonly filled: ReadonlySet<string>;
}

const MOST_BYTES = 4 * 2 ** 20;

/** Reads the bytes of a YAML file; `file` is the name to be shown. */
export function readTree(
  bytes: Uint8Array,
  file: string,
): { root: YamlNode | undefined; problems: readonly Problem[] } {
  const at = { file, line: 1, column: 1 };
  if (bytes.byteLength > MOST_BYTES) {
    const message = `this file is larger than ${MOST_BYTES / 2 ** 20} MiB`;
    return { root: undefined, problems: [{ at, code: 'CONFIG_TOO_LARGE', message, try: 'a shorter file' }] };
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return { root: undefined, problems: [notUtf8(bytes, { file, code: 'CONFIG_NOT_UTF8' })] };
  }
  return readYaml(text, file);
}

/** Starts a reading of one file. */
export function createReader(around: Surroundings): Reader {
  const problems = new Map<string, Problem>();
  const secrets = new Set<string>();
  const filled = new Set<string>();
  const problem = (found: Problem): void => {
    const { at } = found;
    problems.set(`${at?.file}:${at?.line}:${at?.column} ${found.code} ${found.message}`, found);
  };
  return {
    problem,
    secret: (value) => {
      if (value !== '') secrets.add(value);
    },
    fill: (node, options) => {
      const { value } = node;
      if (typeof value !== 'string' || !value.includes('${')) {
        return { value, written: String(value), isFilled: false };
      }
      const remember = (text: string): void => {
        filled.add(text);
        if (!options?.isPublic && text.length >= SHORTEST_MASKED) secrets.add(text);
      };
      const place = (index: number): Position => node.positionOf(index);
      const text = fillText(value, { around, problem, remember, place, meant: options?.meant, depth: 0 });
      return text === undefined ? undefined : { value: text, written: value, isFilled: hasPlaceholder(value) };
    },
    get problems() {
      return [...problems.values()];
    },
    secrets,
    filled,
  };
}

/** Masking shorter texts wherever they occur would blot out ordinary words and numbers. */
export const SHORTEST_MASKED = 4;
