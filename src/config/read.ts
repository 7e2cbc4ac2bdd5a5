/** From the file's bytes to a tree whose text leaves can be filled in: the first step of loading the configuration. */
import { decodeUtf8 } from '../kit/json.ts';
import type { Position, Problem } from '../kit/problem.ts';
import { nearest } from '../kit/problem.ts';
import type { YamlNode, YamlScalar, YamlValue } from '../kit/yaml.ts';
import { readYaml } from '../kit/yaml.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bytes of a file; throws where it cannot be read. */
  readonly readFile: (path: string) => Uint8Array;
}

/** A text leaf after `${env:…}` and `${file:…}` are filled in. */
export interface Filled {
  readonly value: YamlScalar;
  /** As it is written in the file, so free of what was filled in: for messages. */
  readonly written: string;
  /** True where something was filled in: `"8080"` from the environment may then stand for a number. */
  readonly isFilled: boolean;
}

/** Collects what is found while the tree is read: problems, and values that must never be shown. */
export interface Reader {
  /** The value of a leaf; undefined where it could not be filled in, which has then been reported. */
  fill(node: YamlValue, options?: { readonly isPublic?: boolean }): Filled | undefined;
  /** A value that logs and pages must mask. */
  secret(value: string): void;
  problem(problem: Problem): void;
  readonly problems: readonly Problem[];
  readonly secrets: ReadonlySet<string>;
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
    const advice = 'saving it as UTF-8';
    return {
      root: undefined,
      problems: [{ at, code: 'CONFIG_NOT_UTF8', message: 'this file is not UTF-8 text', try: advice }],
    };
  }
  return readYaml(text, file);
}

/** Starts a reading of one file. */
export function createReader(around: Surroundings): Reader {
  const problems = new Map<string, Problem>();
  const secrets = new Set<string>();
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
        if (!options?.isPublic && text.length >= SHORTEST_MASKED) secrets.add(text);
      };
      const text = fillText(node, value, { around, problem, remember });
      return text === undefined ? undefined : { value: text, written: value, isFilled: true };
    },
    get problems() {
      return [...problems.values()];
    },
    secrets,
  };
}

/** Masking shorter texts wherever they occur would blot out ordinary words and numbers. */
export const SHORTEST_MASKED = 4;

interface Filling {
  readonly around: Surroundings;
  readonly problem: (problem: Problem) => void;
  readonly remember: (text: string) => void;
}

function fillText(node: YamlValue, text: string, filling: Filling): string | undefined {
  let out = '';
  let failed = false;
  let rest = 0;
  for (let open = text.indexOf('${'); open !== -1; open = text.indexOf('${', rest)) {
    const close = text.indexOf('}', open);
    const at = node.positionOf(open);
    if (close === -1) {
      filling.problem({ at, code: 'CONFIG_PLACEHOLDER', message: '"${" is never closed', try: '${env:NAME}' });
      return undefined;
    }
    const value = fillOne(text.slice(open + 2, close), at, filling);
    failed ||= value === undefined;
    out += text.slice(rest, open) + (value ?? '');
    rest = close + 1;
  }
  return failed ? undefined : out + text.slice(rest);
}

function fillOne(inside: string, at: Position, filling: Filling): string | undefined {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inside);
  if (env) return fromEnvironment(env[1] as string, env[2], { at, filling });
  const file = /^file:(.+)$/s.exec(inside);
  if (file) return fromFile(file[1] as string, at, filling);
  filling.problem({
    at,
    code: 'CONFIG_PLACEHOLDER',
    message: `\${${inside}} is none of \${env:NAME}, \${env:NAME:-default} and \${file:/path}`,
    try: `\${${adviceFor(inside)}}`,
  });
  return undefined;
}

/** What was meant by a placeholder that is none: the shell's `${NAME}`, a mistyped `ENV:NAME`. */
function adviceFor(inside: string): string {
  const [prefix = '', rest] = inside.split(/:(.*)/s);
  if (/^[A-Z_][A-Z0-9_]*$/.test(inside)) return `env:${inside}`;
  if (/^[A-Z_][A-Z0-9_]*:-/.test(inside)) return `env:${inside}`;
  if (rest !== undefined && nearest(prefix, ['env'])) return `env:${rest}`;
  if (rest !== undefined && nearest(prefix, ['file'])) return `file:${rest}`;
  return 'env:NAME';
}

function fromEnvironment(
  name: string,
  fallback: string | undefined,
  { at, filling }: { readonly at: Position; readonly filling: Filling },
): string | undefined {
  const value = filling.around.env[name];
  if (value !== undefined && value !== '') {
    filling.remember(value);
    return value;
  }
  if (fallback !== undefined) return fallback;
  filling.problem({
    at,
    code: 'CONFIG_ENV_MISSING',
    message: `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`,
    try: `setting ${name}, or \${env:${name}:-default}`,
  });
  return undefined;
}

/** A file's text without the line end that editors put at its end, as secrets are mounted by Docker and Kubernetes. */
function fromFile(path: string, at: Position, filling: Filling): string | undefined {
  const refuse = (why: string): undefined => {
    filling.problem({
      at,
      code: 'CONFIG_FILE_MISSING',
      message: `the file ${path} ${why}`,
      try: 'a file that can be read',
    });
    return undefined;
  };
  if (!path.startsWith('/')) return refuse('is not named by an absolute path');
  let bytes: Uint8Array;
  try {
    bytes = filling.around.readFile(path);
  } catch (error) {
    return refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`);
  }
  const text = decodeUtf8(bytes)?.replace(/\r?\n$/, '');
  if (text === undefined) return refuse('is not UTF-8 text');
  if (text === '') return refuse('is empty');
  filling.remember(text);
  return text;
}
