/** Operators with regular expressions: RE2's syntax, which takes linear time whatever the text is. */
import { RE2JS } from 're2js';
import { type Meter, MOST_TEXT, spend, spendText, ValueError } from '../run.ts';
import { asText } from './convert.ts';
import { BOOLEAN, countArgument, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Regular expressions';
const LONGEST_PATTERN = 1000;

/** Throws ValueError where it is no regular expression of RE2. */
function compilePattern(pattern: unknown): RE2JS {
  const source = asText(pattern);
  if (source.length > LONGEST_PATTERN)
    throw new ValueError(`a regular expression may have ${LONGEST_PATTERN} characters at most`);
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new ValueError(`this is no regular expression of RE2: ${(error as Error).message}`);
  }
}

type Prepare = NonNullable<Operator['prepare']>;

/** An operator whose regular expression is compiled once where it is known at load. */
function pattern(definition: Omit<Operator, 'family' | 'takes' | 'apply' | 'prepare'>, prepare: Prepare): Operator {
  return {
    ...definition,
    family,
    takes: ['string'],
    prepare,
    apply: (input, args, meter) => prepare(args)(input, meter),
  };
}

function find(compiled: RE2JS, input: unknown, meter: Meter): ReturnType<RE2JS['matcher']> | undefined {
  const text = asText(input);
  spend(meter, text.length >> 2);
  const matcher = compiled.matcher(text);
  return matcher.find() ? matcher : undefined;
}

export const patternOperators: readonly Operator[] = [
  pattern(
    {
      name: 'match',
      summary:
        'The part of the text that matches a regular expression, or one group of it; a missing value where nothing does.',
      args: [textArgument('pattern'), { name: 'group', types: ['integer', 'string'], optional: true }],
      gives: TEXT,
      mayMiss: true,
      examples: [
        { expression: '"clip-42.mp4" | match "[0-9]+" | default "none"', output: '42' },
        { expression: '"bilibili_7" | match "^([a-z]+)_" 1 | default "none"', output: 'bilibili' },
        { expression: '"bilibili_7" | match "_(?P<room>.+)$" "room" | default "none"', output: '7' },
        { expression: '"x" | match "[0-9]+" | default "none"', output: 'none' },
      ],
    },
    ([source, group]) => {
      const compiled = compilePattern(source);
      const wanted = (group ?? 0) as number | string;
      const names = Object.keys(compiled.namedGroups());
      if (typeof wanted === 'number' ? wanted < 0 || wanted > compiled.groupCount() : !names.includes(wanted)) {
        throw new ValueError(`the regular expression has no group ${wanted}`);
      }
      return (input, meter) => find(compiled, input, meter)?.group(wanted) ?? undefined;
    },
  ),
  pattern(
    {
      name: 'matches',
      summary: 'True where a part of the text matches a regular expression; ^ and $ tie it to the ends.',
      args: [textArgument('pattern')],
      gives: BOOLEAN,
      examples: [
        { expression: '"clip.mp4" | matches "[.]mp4$"', output: true },
        { expression: '"@name" | matches "^[0-9]+$"', output: false },
      ],
    },
    ([source]) => {
      const compiled = compilePattern(source);
      return (input, meter) => find(compiled, input, meter) !== undefined;
    },
  ),
  pattern(
    {
      name: 'match_all',
      summary: 'Every part of the text that matches a regular expression, as a list.',
      args: [textArgument('pattern'), countArgument('group', { optional: true })],
      gives: { type: 'array', items: TEXT },
      examples: [{ expression: '"a1b22" | match_all "[0-9]+"', output: ['1', '22'] }],
    },
    ([source, group]) => {
      const compiled = compilePattern(source);
      const wanted = (group ?? 0) as number;
      if (wanted < 0 || wanted > compiled.groupCount())
        throw new ValueError(`the regular expression has no group ${wanted}`);
      return (input, meter) => {
        const found: string[] = [];
        eachMatch(compiled, asText(input), meter, (matcher) => void found.push(matcher.group(wanted) ?? ''));
        return found;
      };
    },
  ),
  pattern(
    {
      name: 're_replace',
      summary: 'The text with every match of a regular expression replaced; $1 and ${name} stand for groups, $$ for $.',
      args: [textArgument('pattern'), textArgument('by')],
      gives: TEXT,
      examples: [
        { expression: '"room 7, room 8" | re_replace "room ([0-9])" "#$1"', output: '#7, #8' },
        { expression: '"a  b" | re_replace " +" " "', output: 'a b' },
      ],
    },
    ([source, by]) => {
      const compiled = compilePattern(source);
      const pieces = readReplacement(asText(by), compiled);
      return (input, meter) => {
        const text = asText(input);
        let made = '';
        let after = 0;
        eachMatch(compiled, text, meter, (matcher) => {
          made += text.slice(after, matcher.start());
          for (const piece of pieces) {
            made += typeof piece === 'string' ? piece : (matcher.group(piece.group) ?? '');
            if (made.length > MOST_TEXT) spendText(meter, made.length);
          }
          after = matcher.end();
        });
        spendText(meter, made.length + text.length - after);
        return made + text.slice(after);
      };
    },
  ),
];

/** Every further search starts anew and may read on to the end of the text, so each is charged for. */
function eachMatch(
  compiled: RE2JS,
  text: string,
  meter: Meter,
  each: (matcher: ReturnType<RE2JS['matcher']>) => void,
): void {
  const matcher = compiled.matcher(text);
  while (true) {
    spend(meter, 1 + (text.length >> 6));
    if (!matcher.find()) return;
    each(matcher);
  }
}

function readReplacement(text: string, compiled: RE2JS): (string | { readonly group: number | string })[] {
  const pieces: (string | { readonly group: number | string })[] = [];
  let after = 0;
  for (const match of text.matchAll(/\$(?:(\$)|(\d{1,2})|\{(\w+)\})/g)) {
    pieces.push(text.slice(after, match.index));
    after = match.index + match[0].length;
    const [, dollar, number, name] = match;
    if (dollar !== undefined) pieces.push('$');
    else pieces.push({ group: number !== undefined ? Number(number) : groupNamed(name as string, compiled) });
    if (number !== undefined && Number(number) > compiled.groupCount())
      throw new ValueError(`the regular expression has no group ${number}`);
  }
  return [...pieces, text.slice(after)];
}

function groupNamed(name: string, compiled: RE2JS): string {
  if (Object.keys(compiled.namedGroups()).includes(name)) return name;
  throw new ValueError(`the regular expression has no group ${name}`);
}
