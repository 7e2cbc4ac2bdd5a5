/** Leaves of the configuration that are plain values: text, secrets, numbers, switches, choices, free JSON. */
import { nearest } from '../../kit/problem.ts';
import type { YamlNode, YamlScalar, YamlValue } from '../../kit/yaml.ts';
import { hasPlaceholder } from '../placeholders.ts';
import { type JsonSchema, type Shape, type Spot, wrongType } from '../shape.ts';

/** What a parser says about a text that it does not take. */
export interface Wrong {
  /** After the key's name: `must lie between 1 and 5`. */
  readonly wrong: string;
  readonly try: string;
  /** `CONFIG_BAD_VALUE` where none is given. */
  readonly code?: string;
  /** True where neither text repeats any of the value, so that both may be shown of a filled-in one. */
  readonly isDiscreet?: boolean;
}

export interface TextLeaf<T> {
  readonly expects: string;
  readonly schema?: JsonSchema;
  /** An example that is right, for the advice. */
  readonly example: string;
  /** True where a filled-in value is no secret: a host, a duration. */
  readonly isPublic?: boolean;
  readonly parse: (text: string, spot: Spot) => { readonly value: T } | Wrong;
}

/** A leaf that is written as text. `written` in its messages is what stands in the file, never what was filled in. */
export function textLeaf<T>(leaf: TextLeaf<T>): Shape<T> {
  const { expects } = leaf;
  return {
    expects,
    example: leaf.example,
    schema: { type: 'string', ...leaf.schema },
    read: (node, spot) => {
      if (node.kind !== 'value' || node.value === null) {
        return wrongType(node, expects, { spot, advice: leaf.example }) as never;
      }
      const filled = spot.reader.fill(node, { isPublic: leaf.isPublic === true });
      if (!filled) return undefined as never;
      if (typeof filled.value !== 'string') {
        const isMeant = !Number.isNaN(filled.value) && 'value' in leaf.parse(String(filled.value), spot);
        return wrongType(node, expects, { spot, advice: isMeant ? `"${filled.value}"` : leaf.example }) as never;
      }
      const result = leaf.parse(filled.value, spot);
      return settle(node, filled.isFilled ? discreet(result, expects) : result, spot);
    },
  };
}

/** What was filled in may be a secret in the wrong place, so neither the message nor the advice may repeat it. */
function discreet<T>(result: { readonly value: T } | Wrong, expects: string): { readonly value: T } | Wrong {
  if ('value' in result || result.isDiscreet) return result;
  return { ...result, wrong: `must be ${expects}`, try: 'another value for it' };
}

export function text(expects = 'text', example = 'text'): Shape<string> {
  return textLeaf({ expects, example, schema: { minLength: 1 }, parse: (value) => notEmpty(value, value, example) });
}

export interface SecretRules {
  /** True where nothing may stay open: also a file that says that there may be none. */
  readonly isNeeded?: boolean;
}

/**
 * A secret, as the empty text where the file says on purpose that there may be none: `${env:NAME:-}`. `least` is the number
 * of characters below which it can be guessed.
 */
export function secret(least = 1, { isNeeded = false }: SecretRules = {}): Shape<string> {
  return {
    expects: 'a secret',
    example: '${env:NAME}',
    schema: { type: 'string', examples: ['${env:NAME}', '${file:/run/secrets/name}'] },
    read: (node, spot) => {
      const leaf = textLeaf<string>({
        expects: 'a secret in quotes or as ${env:NAME}',
        example: '${env:NAME}',
        parse: (value) => {
          if (value === '' && isNeeded) return { ...NO_SECRET, wrong: 'is empty', code: 'CONFIG_NO_VALUE' };
          if (value === '') return isPlaceholder(node) ? { value } : empty('${env:NAME}');
          const variable = isPlaceholder(node)
            ? undefined
            : /^(?:\$([A-Z_][A-Z0-9_]*)|%([A-Z_][A-Z0-9_]*)%)$/.exec(value);
          if (variable) return variableMeant(variable[1] ?? variable[2] ?? '');
          if (!isPlaceholder(node) && /^\$\{(?:env:\w+(?::-)?|file:\/[\w./-]+)\}$/.test(value))
            return placeholderMeant(value);
          spot.reader.secret(value);
          if (value.length >= least) return { value };
          const wrong = `is too easy to guess: ${least} characters are the least`;
          return { ...NO_SECRET, wrong, code: 'CONFIG_WEAK_SECRET' };
        },
      });
      return leaf.read(hideValue(node), spot);
    },
  };
}

/** `$NAME` and `%NAME%` are what a shell fills in; here they would be the secret itself. */
function variableMeant(name: string): Wrong {
  const wrong = 'is the name of a variable, as a shell would fill it in';
  return { wrong, try: `"\${env:${name}}"`, code: 'CONFIG_PLACEHOLDER' };
}

/** `$${env:NAME}` is that text, which anyone may guess. */
function placeholderMeant(value: string): Wrong {
  const wrong = `is the text ${value} itself, and nothing is filled in`;
  return { wrong, try: `"${value}"`, code: 'CONFIG_PLACEHOLDER' };
}

const NO_SECRET = { try: 'a secret from `openssl rand -hex 16`', isDiscreet: true } as const;

export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** `example`: what the advice names, where the least would harm whoever follows it. */
export interface WithExample<E> {
  readonly example?: E;
}

/** A whole number. Text that was filled in may stand for one; text in quotes may not. */
export function whole({ least, most, example = least }: Bounds & WithExample<number>): Shape<number> {
  const expects = `a whole number from ${least} to ${most}`;
  return {
    expects,
    schema: { anyOf: [{ type: 'integer', minimum: least, maximum: most }, PLACEHOLDER_SCHEMA] },
    read: (node, spot) => {
      const value = scalarOf(node, spot);
      if (value === undefined) return undefined as never;
      if (typeof value !== 'number' || !Number.isInteger(value)) {
        const advice =
          typeof value === 'string' && /^\d{1,15}$/.test(value) ? value : `a whole number, such as ${example}`;
        return wrongType(node, expects, { spot, advice: shown(node, advice) }) as never;
      }
      if (value >= least && value <= most) return value;
      const wrong = `must lie between ${least} and ${most}`;
      return settle(node, { wrong, try: String(value < least ? least : most), code: 'CONFIG_OUT_OF_RANGE' }, spot);
    },
  };
}

const TRUTH: Readonly<Record<string, 'true' | 'false'>> = {
  true: 'true',
  yes: 'true',
  on: 'true',
  y: 'true',
  false: 'false',
  no: 'false',
  off: 'false',
  n: 'false',
};

/** What a word was meant for that other programs take for a switch; undefined where it is none. */
export function switchMeant(word: string): 'true' | 'false' | undefined {
  const lower = word.toLowerCase();
  return Object.hasOwn(TRUTH, lower) ? TRUTH[lower] : undefined;
}

export function flag(): Shape<boolean> {
  const expects = 'true or false';
  return {
    expects,
    schema: { anyOf: [{ type: 'boolean' }, PLACEHOLDER_SCHEMA] },
    read: (node, spot) => {
      const value = scalarOf(node, spot);
      if (value === undefined) return undefined as never;
      if (typeof value === 'boolean') return value;
      const advice = (typeof value === 'string' ? switchMeant(value) : undefined) ?? expects;
      return wrongType(node, expects, { spot, advice: shown(node, advice) }) as never;
    },
  };
}

export function choice<const C extends readonly string[]>(...choices: C): Shape<C[number]> {
  const expects = choices.length === 1 ? `${choices[0]}` : `one of ${choices.join(', ')}`;
  return textLeaf({
    expects,
    example: choices[0] ?? '',
    isPublic: true,
    schema: { enum: choices },
    parse: (value) => {
      if (choices.includes(value)) return { value };
      return { wrong: `must be ${expects}`, try: nearest(value, choices) ?? expects };
    },
  });
}

/** Reports what a parser found wrong, or gives its value. */
export function settle<T>(node: YamlNode, result: { readonly value: T } | Wrong, spot: Spot): T {
  if ('value' in result) return result.value;
  const { wrong, code = 'CONFIG_BAD_VALUE' } = result;
  spot.reader.problem({ at: node.at, code, message: `${spot.name} ${wrong}`, try: result.try });
  return undefined as never;
}

export function notEmpty<T>(text: string, value: T, example: string): { readonly value: T } | Wrong {
  return text.trim() === '' ? empty(example) : { value };
}

/** What an editor lets stand where a number or a switch may come from outside. */
export const PLACEHOLDER_SCHEMA: JsonSchema = { type: 'string', pattern: '^\\$\\{(env|file):.+\\}$' };

function empty(example: string): Wrong {
  return { wrong: 'is empty', try: `${example}, or leaving the key out`, code: 'CONFIG_NO_VALUE' };
}

/** The value of a leaf, with filled-in text read as the number or switch that it spells; undefined where that was reported. */
export function scalarOf(node: YamlNode, spot: Spot): YamlScalar | undefined {
  if (node.kind !== 'value') return null;
  const filled = spot.reader.fill(node, { isPublic: true });
  if (!filled?.isFilled || typeof filled.value !== 'string') return filled?.value;
  if (/^-?\d{1,15}$/.test(filled.value)) return Number(filled.value);
  return filled.value === 'true' ? true : filled.value === 'false' ? false : filled.value;
}

/** Advice that would repeat what was filled in is replaced. */
export function shown(node: YamlNode, advice: string): string {
  return isPlaceholder(node) ? 'another value for it' : advice;
}

function isPlaceholder(node: YamlNode): boolean {
  return node.kind === 'value' && typeof node.value === 'string' && hasPlaceholder(node.value);
}

/** A number where a secret should be must not show up in the advice to put it in quotes. */
function hideValue(node: YamlNode): YamlNode {
  if (node.kind !== 'value' || typeof node.value === 'string' || node.value === null) return node;
  const hidden: YamlValue = { ...node, value: HIDDEN };
  return hidden;
}
const HIDDEN = Number.NaN;
