/** The words of an expression: the first step from the text inside `${…}` to something that runs. */
import { SCOPE_ROOT } from '../../model/scope-roots.ts';

export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number; readonly end: number }
  | { readonly kind: 'literal'; readonly value: string | number | bigint; readonly at: number; readonly end: number }
  | { readonly kind: 'sign'; readonly text: Sign; readonly at: number; readonly end: number }
  | { readonly kind: 'end'; readonly at: number; readonly end: number };

export type Sign = '.' | '?' | '??' | '|' | '(' | ')' | '[' | ']' | ',';

/** An expression that cannot be read. `at` is the index into the text. */
export class ExpressionError extends Error {
  readonly at: number;
  readonly advice: string | undefined;
  constructor(message: string, at: number, advice?: string) {
    super(message);
    this.at = at;
    this.advice = advice;
  }
}

const NAME = /[\p{L}_$@][\p{L}\p{N}_$@-]*/uy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** What is left of `${{ data.x }}`. */
const BRACED_PATH = new RegExp(String.raw`^\s*\{\s*(${SCOPE_ROOT}[.[][^{}]*?)\s*$`);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** Throws ExpressionError at the first character that no word begins with. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] as string;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const token = readToken(text, at, tokens.at(-1));
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', at: text.length, end: text.length });
  return tokens;
}

function readToken(text: string, at: number, before: Token | undefined): Token {
  const character = text[at] as string;
  if (character === '?' && text[at + 1] === '?') return { kind: 'sign', text: '??', at, end: at + 2 };
  if ('.?|()[],'.includes(character)) return { kind: 'sign', text: character as Sign, at, end: at + 1 };
  if (character === '"' || character === "'") return readText(text, at);
  const afterDot = before?.kind === 'sign' && before.text === '.' && before.end === at;
  const digits = afterDot ? matchAt(/\d[\p{L}\p{N}_-]*/uy, text, at) : undefined;
  if (digits !== undefined) return { kind: 'name', text: digits, at, end: at + digits.length };
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return { kind: 'literal', value: numberOf(number, at), at, end: at + number.length };
  const name = matchAt(NAME, text, at);
  if (name !== undefined) return { kind: 'name', text: name, at, end: at + name.length };
  throw new ExpressionError(`"${character}" has no meaning here`, at, adviceFor(text, at));
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function numberOf(text: string, at: number): number | bigint {
  const number = Number(text);
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(number)) return BigInt(text);
  if (!Number.isFinite(number))
    throw new ExpressionError(`the number ${text.slice(0, 30)} is out of range`, at, 'a number below 1.8e308');
  return number;
}

function readText(text: string, at: number): Token {
  const quote = text[at];
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i] as string;
    if (character === quote) return { kind: 'literal', value, at, end: i + 1 };
    if (character !== '\\') value += character;
    else {
      const next = text[++i] ?? '';
      // A backslash before any other character stays, so that a regular expression reads as it is written.
      value += ESCAPES[next] ?? (next === quote || next === '\\' ? next : `\\${next}`);
    }
  }
  throw new ExpressionError('this text has no closing quote', at, `close it with ${quote}`);
}

function adviceFor(text: string, at: number): string {
  const character = text[at] as string;
  if (character === ':') return adviceForColon(text, at);
  if ('+-*/%'.includes(character)) return 'use an operator: | add, | sub, | mul, | div, | mod';
  if ('=<>!&'.includes(character))
    return 'use an operator: | eq, | ne, | gt, | lt, | not, | and; or $if with json-logic';
  const [, path] = BRACED_PATH.exec(text) ?? [];
  if (path !== undefined) return `\${${path}}`;
  if (character === '{' || character === '}') return 'write an object as YAML, not inside ${…}';
  return 'quotes around a text that holds it: "…"';
}

/** `| default: x` is how other template languages write it, `${env:HOME}` how the configuration does. */
function adviceForColon(text: string, at: number): string {
  const [, source] = /^\s*(env|file)$/.exec(text.slice(0, at)) ?? [];
  if (source !== undefined) return 'a param: ${params.name} here, which the configuration fills under params:';
  const [, operator] = /\|\s*([\w-]+)\s*$/.exec(text.slice(0, at)) ?? [];
  if (operator === undefined) return 'quotes around a text that holds it: "…"';
  const [argument = ''] = /^[^|]*/.exec(text.slice(at + 1)) ?? [];
  return `| ${operator} ${quotedWhereText(argument.trim())}`.trim();
}

function quotedWhereText(argument: string): string {
  const isPlain = /^(?:["'].*["']|-?[\d.]+|true|false|null|(?:data|raw|event|params|request)\..*|)$/.test(argument);
  return isPlain ? argument : JSON.stringify(argument);
}
