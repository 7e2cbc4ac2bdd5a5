/** Operators on the letters and words of a text. */
import { spend, spendText } from '../run.ts';
import { asText } from './convert.ts';
import { type Example, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Text';
const plain = { family, takes: ['string'], gives: TEXT } as const;

function change(name: string, summary: string, examples: readonly Example[], make: (text: string) => string): Operator {
  const apply: Operator['apply'] = (input, _args, meter) => {
    const made = make(asText(input));
    spendText(meter, made.length);
    return made;
  };
  return { ...plain, name, summary, args: [], examples, apply };
}

/** The words of a text, also of camelCase and snake_case. */
function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function capitalize(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

function slug(text: string): string {
  return wordsOf(text.normalize('NFKD').replace(/\p{M}/gu, '')).join('-').toLowerCase();
}

export const letterOperators: readonly Operator[] = [
  change('lower', 'The text in small letters.', [{ expression: '"ABC" | lower', output: 'abc' }], (text) =>
    text.toLowerCase(),
  ),
  change('upper', 'The text in capital letters.', [{ expression: '"abc" | upper', output: 'ABC' }], (text) =>
    text.toUpperCase(),
  ),
  change(
    'capitalize',
    'The text with its first letter a capital.',
    [{ expression: '"live now" | capitalize', output: 'Live now' }],
    capitalize,
  ),
  change(
    'title',
    'The text with a capital at the start of every word.',
    [{ expression: '"live now" | title', output: 'Live Now' }],
    (text) => text.replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  ),
  change(
    'snake_case',
    'The words of the text as snake_case.',
    [{ expression: '"recordUrl" | snake_case', output: 'record_url' }],
    (text) => wordsOf(text).join('_').toLowerCase(),
  ),
  change(
    'kebab_case',
    'The words of the text as kebab-case.',
    [{ expression: '"recordUrl" | kebab_case', output: 'record-url' }],
    (text) => wordsOf(text).join('-').toLowerCase(),
  ),
  change(
    'camel_case',
    'The words of the text as camelCase.',
    [{ expression: '"record_url" | camel_case', output: 'recordUrl' }],
    (text) =>
      wordsOf(text)
        .map((word, i) => (i === 0 ? word.toLowerCase() : capitalize(word.toLowerCase())))
        .join(''),
  ),
  change(
    'slug',
    'The text as it may stand in a file name or URL: letters and digits, in small letters, with - between.',
    [{ expression: '"Café, à la Carte!" | slug', output: 'cafe-a-la-carte' }],
    slug,
  ),
  change(
    'squish',
    'The text with every run of white space as one space, and none at the ends.',
    [{ expression: '"  a   b " | squish', output: 'a b' }],
    (text) =>
      text
        .split(/\s+/)
        .filter((word) => word !== '')
        .join(' '),
  ),
  change(
    'reverse_text',
    'The characters in the other order.',
    [{ expression: '"abc" | reverse_text', output: 'cba' }],
    (text) => [...text].reverse().join(''),
  ),
  {
    ...plain,
    name: 'normalize',
    summary: 'The text in a Unicode normal form: NFC unless another is named.',
    args: [textArgument('form', { optional: true, choices: ['NFC', 'NFD', 'NFKC', 'NFKD'] })],
    examples: [{ expression: '"ｆｕｌｌ" | normalize NFKC', output: 'full' }],
    apply(input, [form], meter) {
      const text = asText(input);
      spend(meter, text.length >> 2);
      return text.normalize(form === undefined ? 'NFC' : asText(form));
    },
  },
];
