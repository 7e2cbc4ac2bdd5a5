/** Fills in `${env:NAME}`, `${env:NAME:-default}` and `${file:/path}`; `$${` stands for `${` itself. */
import { nextOpening } from '../kit/braces.ts';
import { decodeUtf8 } from '../kit/json.ts';
import type { Position, Problem } from '../kit/problem.ts';
import { nearest } from '../kit/problem.ts';
import { SCOPE_ROOT } from '../model/scope-roots.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The bytes of a file; throws where it cannot be read. */
  readonly readFile: (path: string) => Uint8Array;
}

/** What to write for a `${…}` that is no placeholder here; undefined where that is not known. */
export type Meaning = (inside: string) => string | undefined;

export interface Filling {
  readonly around: Surroundings;
  readonly problem: (problem: Problem) => void;
  readonly remember: (text: string) => void;
  readonly meant: Meaning | undefined;
  /** The place of a character of the text that is filled. */
  readonly place: (index: number) => Position;
  /** How many defaults the text stands in. */
  readonly depth: number;
}

/** Defaults in defaults beyond this are refused. */
const MOST_DEPTH = 20;
const PLACEHOLDER = '${env:NAME}';
const PATH = new RegExp(String.raw`^\s*${SCOPE_ROOT}[.[]`);

/** The text with everything filled in; undefined where something could not be, which has then been reported. */
export function fillText(text: string, filling: Filling): string | undefined {
  let out = '';
  let failed = false;
  let rest = 0;
  for (;;) {
    const { before, at: open } = nextOpening(text, rest);
    out += before;
    if (open === -1) return failed ? undefined : out;
    const close = closingOf(text, open + 1);
    if (close === -1) {
      filling.problem(neverClosed(text.slice(open), filling.place(open)));
      return undefined;
    }
    const place = (index: number): Position => filling.place(open + 2 + index);
    const value = fillOne(text.slice(open + 2, close), filling.place(open), { ...filling, place });
    failed ||= value === undefined;
    out += value ?? '';
    rest = close + 1;
  }
}

/** True where anything would be filled in, and not only text stands that looks like it. */
export function hasPlaceholder(text: string): boolean {
  return nextOpening(text, 0).at !== -1;
}

/** Where the brace at `open` closes: a default may hold braces in pairs. -1 where it does not. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function neverClosed(text: string, at: Position): Problem {
  const message = '"${" is never closed';
  return {
    at,
    code: 'CONFIG_PLACEHOLDER',
    message,
    try: text.includes('}') ? 'a "}" for each "{"' : `${PLACEHOLDER}, or $\${ for the text itself`,
  };
}

function fillOne(inside: string, at: Position, filling: Filling): string | undefined {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)(:-)?/.exec(inside);
  const isWhole = env !== null && (env[2] !== undefined || env[0].length === inside.length);
  if (isWhole) return fromEnvironment({ name: env[1] as string, inside, at, filling });
  const file = /^file:(.+)$/s.exec(inside);
  if (file) return fromFile(file[1] as string, at, filling);
  filling.problem({
    at,
    code: 'CONFIG_PLACEHOLDER',
    message: `\${${inside}} is none of \${env:NAME}, \${env:NAME:-default} and \${file:/path}`,
    try: filling.meant?.(inside) ?? adviceFor(inside),
  });
  return undefined;
}

/** What was meant by a placeholder that is none: the shell's `${NAME}`, a mistyped `ENV:NAME`, or the text. */
function adviceFor(inside: string): string {
  const meant = nameMeant(inside);
  if (meant !== undefined) return `\${${meant}}`;
  const isPath = PATH.test(inside);
  return isPath ? `${PLACEHOLDER}: paths are for mappings` : `${PLACEHOLDER}, or $\${${inside}} for the text itself`;
}

function nameMeant(inside: string): string | undefined {
  const [prefix = '', rest] = inside.split(/:(.*)/s);
  if (/^[A-Z_][A-Z0-9_]*$/.test(inside)) return `env:${inside}`;
  if (/^[A-Z_][A-Z0-9_]*:-/.test(inside))
    return `env:${inside.replace(/\$\{(?=[A-Z_][A-Z0-9_]*(?:\}|:-))/g, '${env:')}`;
  if (rest !== undefined && nearest(prefix, ['env'])) return `env:${rest}`;
  if (rest !== undefined && nearest(prefix, ['file'])) return `file:${rest}`;
  return undefined;
}

interface Asked {
  readonly name: string;
  /** All that stands between the braces. */
  readonly inside: string;
  readonly at: Position;
  readonly filling: Filling;
}

function fromEnvironment({ name, inside, at, filling }: Asked): string | undefined {
  const value = filling.around.env[name];
  if (value !== undefined && value !== '') {
    filling.remember(value);
    return value;
  }
  const behind = `env:${name}:-`.length;
  if (inside.length >= behind) {
    const place = (index: number): Position => filling.place(behind + index);
    return fillDefault(inside.slice(behind), at, { ...filling, place, depth: filling.depth + 1 });
  }
  filling.problem({
    at,
    code: 'CONFIG_ENV_MISSING',
    message: `the environment variable ${name} is ${value === '' ? 'empty' : 'not set'}`,
    try: `setting ${name}, or \${env:${name}:-default}`,
  });
  return undefined;
}

/** A default is filled in itself, as in Docker Compose, and only where it is needed. */
function fillDefault(text: string, at: Position, filling: Filling): string | undefined {
  if (filling.depth <= MOST_DEPTH) return fillText(text, filling);
  const message = `these defaults stand more than ${MOST_DEPTH} deep in each other`;
  filling.problem({ at, code: 'CONFIG_PLACEHOLDER', message, try: 'a default without defaults' });
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
