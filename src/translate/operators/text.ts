/** Operators on text: its ends, its parts and its width. */
import { MOST_TEXT, spend, spendText, ValueError } from '../run.ts';
import { asText } from './convert.ts';
import { asCount, isCount } from './exact.ts';
import { BOOLEAN, countArgument, type Example, INTEGER, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Text';
const plain = { family, takes: ['string'], gives: TEXT } as const;

function ask(
  name: string,
  summary: string,
  examples: readonly Example[],
  answer: (text: string, part: string) => boolean,
): Operator {
  const args = [textArgument('text')];
  return {
    ...plain,
    name,
    summary,
    args,
    gives: BOOLEAN,
    examples,
    apply: (input, [part]) => answer(asText(input), asText(part)),
  };
}

function withPart(
  name: string,
  summary: string,
  examples: readonly Example[],
  make: (text: string, part: string) => string,
): Operator {
  const args = [textArgument('text')];
  const apply: Operator['apply'] = (input, [part], meter) => {
    const made = make(asText(input), asText(part));
    spendText(meter, made.length);
    return made;
  };
  return { ...plain, name, summary, args, examples, apply };
}

/** Whole characters: an emoji is never cut in two. */
export function sliceText(text: string, from: number, to?: number): string {
  const isPlain = !/[\ud800-\udfff]/.test(text);
  return isPlain ? text.slice(from, to) : [...text].slice(from, to).join('');
}

function fill(width: unknown, fillWith: unknown, text: string): string {
  const most = asCount(width, 'width', MOST_TEXT);
  const sign = fillWith === undefined ? ' ' : asFilling(fillWith);
  const missing = most - [...text].length;
  if (missing <= 0) return '';
  return sliceText(sign.repeat(Math.ceil(missing / [...sign].length)), 0, missing);
}

function asFilling(value: unknown): string {
  const text = asText(value);
  if (text === '') throw new ValueError('there is nothing to fill up with');
  return text;
}

export const textOperators: readonly Operator[] = [
  {
    ...plain,
    name: 'trim',
    summary: 'The text without white space at its ends, or without the given characters there.',
    args: [textArgument('characters', { optional: true })],
    examples: [
      { expression: '"  a b " | trim', output: 'a b' },
      { expression: '"/a/b/" | trim "/"', output: 'a/b' },
    ],
    apply: (input, [characters]) => trimStart(trimEnd(asText(input), characters), characters),
  },
  {
    ...plain,
    name: 'trim_start',
    summary: 'The text without white space, or the given characters, at its start.',
    args: [textArgument('characters', { optional: true })],
    examples: [{ expression: '"007" | trim_start "0"', output: '7' }],
    apply: (input, [characters]) => trimStart(asText(input), characters),
  },
  {
    ...plain,
    name: 'trim_end',
    summary: 'The text without white space, or the given characters, at its end.',
    args: [textArgument('characters', { optional: true })],
    examples: [{ expression: '"https://x/" | trim_end "/"', output: 'https://x' }],
    apply: (input, [characters]) => trimEnd(asText(input), characters),
  },
  withPart(
    'trim_prefix',
    'The text without that beginning.',
    [{ expression: '"room-7" | trim_prefix "room-"', output: '7' }],
    (text, part) => (text.startsWith(part) ? text.slice(part.length) : text),
  ),
  withPart(
    'trim_suffix',
    'The text without that end.',
    [{ expression: '"clip.mp4" | trim_suffix ".mp4"', output: 'clip' }],
    (text, part) => (part !== '' && text.endsWith(part) ? text.slice(0, -part.length) : text),
  ),
  withPart(
    'prepend',
    'The text with another before it.',
    [{ expression: '"7" | prepend "room-"', output: 'room-7' }],
    (text, part) => part + text,
  ),
  withPart(
    'append',
    'The text with another behind it.',
    [{ expression: '"clip" | append ".mp4"', output: 'clip.mp4' }],
    (text, part) => text + part,
  ),
  withPart(
    'before',
    'What stands before the first place of a text; all of it where that is not there.',
    [{ expression: '"a=b=c" | before "="', output: 'a' }],
    (text, part) => (text.includes(part) ? text.slice(0, text.indexOf(part)) : text),
  ),
  withPart(
    'after',
    'What stands behind the first place of a text; nothing where that is not there.',
    [{ expression: '"a=b=c" | after "="', output: 'b=c' }],
    (text, part) => (text.includes(part) ? text.slice(text.indexOf(part) + part.length) : ''),
  ),
  ask(
    'starts_with',
    'True where the text begins so.',
    [{ expression: '"https://x" | starts_with "https:"', output: true }],
    (text, part) => text.startsWith(part),
  ),
  ask(
    'ends_with',
    'True where the text ends so.',
    [{ expression: '"clip.mp4" | ends_with ".mp4"', output: true }],
    (text, part) => text.endsWith(part),
  ),
  {
    ...plain,
    name: 'replace',
    summary: 'The text with every place of a text replaced by another; re_replace takes a regular expression.',
    args: [textArgument('text'), textArgument('by')],
    examples: [
      { expression: '"a%40b" | replace "%40" "@"', output: 'a@b' },
      { expression: '"{id}.mp4" | replace "{id}" data.id', data: { id: 'x' }, output: 'x.mp4' },
    ],
    apply: (input, [text, by], meter) =>
      replaceAll(asText(input), asText(text), asText(by), (length) => spendText(meter, length)),
    prepare([text, by]) {
      const from = asText(text);
      if (/^\^.|\\[dwsbDWSB]/.test(from))
        throw new ValueError('this looks like a regular expression', { advice: '| re_replace' });
      return (input, meter) => replaceAll(asText(input), from, asText(by), (length) => spendText(meter, length));
    },
  },
  {
    ...plain,
    name: 'split',
    summary: 'The parts of the text between separators, as a list.',
    args: [textArgument('separator')],
    gives: { type: 'array', items: TEXT },
    examples: [{ expression: '"a,b,c" | split ","', output: ['a', 'b', 'c'] }],
    apply(input, [separator], meter) {
      const text = asText(input);
      spend(meter, text.length >> 2);
      return text.split(asText(separator));
    },
  },
  {
    ...plain,
    name: 'lines',
    summary: 'The lines of the text, as a list.',
    args: [],
    gives: { type: 'array', items: TEXT },
    examples: [{ expression: '"a\\nb\\n" | lines', output: ['a', 'b'] }],
    apply(input, _args, meter) {
      const text = asText(input);
      spend(meter, text.length >> 2);
      return text.replace(/\r?\n$/, '').split(/\r?\n/);
    },
  },
  {
    ...plain,
    name: 'truncate',
    summary:
      'At most that many characters of the text, the last of them … (or another mark) where something is cut off.',
    args: [
      countArgument('characters', { check: isCount('characters', MOST_TEXT) }),
      textArgument('mark', { optional: true }),
    ],
    examples: [
      { expression: '"a long title" | truncate 7', output: 'a long…' },
      { expression: '"a long title" | truncate 6 ""', output: 'a long' },
    ],
    apply(input, [characters, mark]) {
      const text = asText(input);
      const most = asCount(characters, 'characters', MOST_TEXT);
      if (text.length <= most || [...text].length <= most) return text;
      const end = sliceText(mark === undefined ? '…' : asText(mark), 0, most);
      return sliceText(text, 0, most - [...end].length) + end;
    },
  },
  {
    ...plain,
    name: 'pad',
    summary: 'The text filled up to a width, at its start or (`end`) at its end, with spaces or the given text.',
    takes: ['string', 'integer'],
    args: [
      countArgument('width', { check: isCount('width', MOST_TEXT) }),
      textArgument('fill', { optional: true, check: asFilling }),
      textArgument('side', { optional: true, choices: ['start', 'end'] }),
    ],
    examples: [
      { expression: '7 | pad 3 "0"', output: '007' },
      { expression: '"ab" | pad 4 "." end', output: 'ab..' },
    ],
    apply(input, [width, fillWith, side], meter) {
      const text = typeof input === 'string' ? input : String(input);
      if (typeof width === 'number') spendText(meter, width);
      const filling = fill(width, fillWith, text);
      return side === 'end' ? text + filling : filling + text;
    },
  },
  {
    ...plain,
    name: 'repeat',
    summary: 'The text that many times.',
    args: [countArgument('times', { check: isCount('times', MOST_TEXT) })],
    examples: [{ expression: '"ab" | repeat 3', output: 'ababab' }],
    apply(input, [times], meter) {
      const text = asText(input);
      const count = asCount(times, 'times', MOST_TEXT);
      spendText(meter, text.length * count);
      return text.repeat(count);
    },
  },
  {
    ...plain,
    name: 'byte_length',
    summary: 'The bytes of the text in UTF-8.',
    args: [],
    gives: INTEGER,
    examples: [{ expression: '"é" | byte_length', output: 2 }],
    apply: (input) => Buffer.byteLength(asText(input)),
  },
];

function trimStart(text: string, characters: unknown): string {
  if (characters === undefined) return text.trimStart();
  const set = new Set(asText(characters));
  let start = 0;
  for (const character of text) {
    if (!set.has(character)) break;
    start += character.length;
  }
  return text.slice(start);
}

function trimEnd(text: string, characters: unknown): string {
  if (characters === undefined) return text.trimEnd();
  const set = new Set(asText(characters));
  let end = text.length;
  while (end > 0) {
    const isPair =
      end > 1 && /[\udc00-\udfff]/.test(text[end - 1] as string) && /[\ud800-\udbff]/.test(text[end - 2] as string);
    const character = text.slice(end - (isPair ? 2 : 1), end);
    if (!set.has(character)) break;
    end -= character.length;
  }
  return text.slice(0, end);
}

/** Works out the length first, so that a short text cannot be blown up. */
function replaceAll(text: string, from: string, by: string, allow: (length: number) => void): string {
  if (from === '') return text;
  let count = 0;
  for (let at = text.indexOf(from); at !== -1; at = text.indexOf(from, at + from.length)) count++;
  if (count === 0) return text;
  allow(text.length + count * (by.length - from.length));
  return text.replaceAll(from, () => by);
}
