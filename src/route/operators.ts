/** The operators of filters, defined once: what the check at load, the reference and its tests read. */

export interface Operator {
  readonly name: string;
  /** The fewest and the most arguments. */
  readonly args: readonly [number, number];
  /**
   * `plain` gets its arguments' values; `lazy` evaluates them as needed; `each` evaluates its second argument for every item
   * of the first; `paths` and `pattern` take literals that are prepared at load.
   */
  readonly takes: 'plain' | 'lazy' | 'each' | 'paths' | 'pattern';
  /** How it is written, for the reference. */
  readonly form: string;
  readonly about: string;
  readonly example: { readonly when: unknown; readonly data: unknown; readonly gives: unknown };
}

const any = Number.POSITIVE_INFINITY;

export const OPERATORS: readonly Operator[] = [
  {
    name: 'var',
    args: [1, 2],
    takes: 'paths',
    form: '{ var: path }` or `{ var: [path, default] }',
    about:
      'The value at a path; the default, else null, where it is missing. Inside a loop: of the item, all of it as `""`.',
    example: { when: { var: ['data.note', 'none'] }, data: {}, gives: 'none' },
  },
  {
    name: 'exists',
    args: [1, 1],
    takes: 'paths',
    form: '{ exists: path }` or `{ exists: { var: path } }',
    about: 'True where the value is there and not null.',
    example: { when: { exists: 'data.cover' }, data: { cover: '' }, gives: true },
  },
  {
    name: 'missing',
    args: [1, any],
    takes: 'paths',
    form: '{ missing: [path, …] }',
    about: 'Those of the paths that are missing, null or an empty text.',
    example: { when: { missing: ['data.room_id', 'data.cover'] }, data: { room_id: '1' }, gives: ['data.cover'] },
  },
  {
    name: 'missing_some',
    args: [2, 2],
    takes: 'paths',
    form: '{ missing_some: [least, [path, …]] }',
    about: 'An empty list where at least that many of the paths are there, else those that are missing.',
    example: { when: { missing_some: [1, ['data.a', 'data.b']] }, data: { b: 1 }, gives: [] },
  },
  {
    name: '==',
    args: [2, 2],
    takes: 'plain',
    form: '{ "==": [a, b] }',
    about: 'Equal, as JavaScript compares loosely: `"1"` equals 1. Whole numbers of any size are compared exactly.',
    example: { when: { '==': [{ var: 'data.room_id' }, 7] }, data: { room_id: '7' }, gives: true },
  },
  {
    name: '===',
    args: [2, 2],
    takes: 'plain',
    form: '{ "===": [a, b] }',
    about: 'Equal and of the same type.',
    example: { when: { '===': [{ var: 'data.room_id' }, 7] }, data: { room_id: '7' }, gives: false },
  },
  {
    name: '!=',
    args: [2, 2],
    takes: 'plain',
    form: '{ "!=": [a, b] }',
    about: 'Not equal: the opposite of `==`.',
    example: { when: { '!=': [{ var: 'data.live_id' }, ''] }, data: { live_id: 'x' }, gives: true },
  },
  {
    name: '!==',
    args: [2, 2],
    takes: 'plain',
    form: '{ "!==": [a, b] }',
    about: 'The opposite of `===`.',
    example: { when: { '!==': [{ var: 'data.size' }, 1] }, data: { size: 1 }, gives: false },
  },
  {
    name: '>',
    args: [2, 2],
    takes: 'plain',
    form: '{ ">": [a, b] }',
    about: 'Greater. False where either value is missing or null.',
    example: { when: { '>': [{ var: 'data.length' }, 60] }, data: { length: 61 }, gives: true },
  },
  {
    name: '>=',
    args: [2, 2],
    takes: 'plain',
    form: '{ ">=": [a, b] }',
    about: 'Greater or equal. False where either value is missing or null.',
    example: { when: { '>=': [{ var: 'data.length' }, 0] }, data: {}, gives: false },
  },
  {
    name: '<',
    args: [2, 3],
    takes: 'plain',
    form: '{ "<": [a, b] }` or `{ "<": [a, b, c] }',
    about: 'Less; with three, b lies between a and c. False where a value is missing or null.',
    example: { when: { '<': [1, { var: 'data.length' }, 3] }, data: { length: 2 }, gives: true },
  },
  {
    name: '<=',
    args: [2, 3],
    takes: 'plain',
    form: '{ "<=": [a, b] }` or `{ "<=": [a, b, c] }',
    about:
      'Less or equal; with three, b lies between a and c or is one of them. False where a value is missing or null.',
    example: { when: { '<=': [{ var: 'data.length' }, 3] }, data: { length: null }, gives: false },
  },
  {
    name: 'and',
    args: [1, any],
    takes: 'lazy',
    form: '{ and: [a, b, …] }',
    about: 'The first value that is not truthy, else the last. `[]`, `""`, 0, null and false are not truthy.',
    example: { when: { and: [true, { var: 'data.on' }] }, data: { on: false }, gives: false },
  },
  {
    name: 'or',
    args: [1, any],
    takes: 'lazy',
    form: '{ or: [a, b, …] }',
    about: 'The first value that is truthy, else the last.',
    example: { when: { or: [{ var: 'data.title' }, 'untitled'] }, data: { title: '' }, gives: 'untitled' },
  },
  {
    name: '!',
    args: [1, 1],
    takes: 'plain',
    form: '{ "!": a }',
    about: 'True where the value is not truthy.',
    example: { when: { '!': { var: 'data.files' } }, data: { files: [] }, gives: true },
  },
  {
    name: '!!',
    args: [1, 1],
    takes: 'plain',
    form: '{ "!!": a }',
    about: 'True where the value is truthy.',
    example: { when: { '!!': { var: 'data.files' } }, data: { files: ['a.mp4'] }, gives: true },
  },
  {
    name: 'if',
    args: [2, any],
    takes: 'lazy',
    form: '{ if: [condition, then, …, else] }',
    about: 'The value after the first condition that is truthy; the last value, else null, where none is.',
    example: { when: { if: [{ var: 'data.on' }, 'yes', 'no'] }, data: { on: true }, gives: 'yes' },
  },
  {
    name: '?:',
    args: [3, 3],
    takes: 'lazy',
    form: '{ "?:": [condition, then, else] }',
    about: 'The same as `if` with one condition.',
    example: { when: { '?:': [{ var: 'data.on' }, 'yes', 'no'] }, data: {}, gives: 'no' },
  },
  {
    name: 'in',
    args: [2, 2],
    takes: 'plain',
    form: '{ in: [a, list or text] }',
    about: 'True where the list has the value (same type), or the text contains it. A missing value is in no text.',
    example: {
      when: { in: [{ var: 'data.platform' }, ['bilibili', 'douyin']] },
      data: { platform: 'douyin' },
      gives: true,
    },
  },
  {
    name: 'starts_with',
    args: [2, 2],
    takes: 'plain',
    form: '{ starts_with: [text, beginning] }',
    about: 'True where the text begins so. A value that is neither text nor number does not.',
    example: { when: { starts_with: [{ var: 'data.file' }, 'clip-'] }, data: { file: 'clip-1.mp4' }, gives: true },
  },
  {
    name: 'ends_with',
    args: [2, 2],
    takes: 'plain',
    form: '{ ends_with: [text, end] }',
    about: 'True where the text ends so. A value that is neither text nor number does not.',
    example: { when: { ends_with: [{ var: 'data.file' }, '.mp4'] }, data: { file: 'clip-1.mp4' }, gives: true },
  },
  {
    name: 'matches',
    args: [2, 2],
    takes: 'pattern',
    form: '{ matches: [text, pattern] }',
    about: 'True where the RE2 pattern is found in the text; `^` and `$` bind it, `(?i)` ignores case. Linear time.',
    example: {
      when: { matches: [{ var: 'data.file' }, '^clip-[0-9]+\\.mp4$'] },
      data: { file: 'clip-12.mp4' },
      gives: true,
    },
  },
  {
    name: 'glob',
    args: [2, 2],
    takes: 'pattern',
    form: '{ glob: [text, pattern] }',
    about:
      'True where the whole text fits: `*` stands for any text, `?` for one character, `\\` takes the next literally.',
    example: { when: { glob: [{ var: 'data.file' }, '*.mp?'] }, data: { file: 'clip-1.mp4' }, gives: true },
  },
  {
    name: 'is_type',
    args: [2, 2],
    takes: 'plain',
    form: '{ is_type: [a, type] }',
    about: 'True where the value is of the type: null, boolean, integer, number, string, array or object.',
    example: { when: { is_type: [{ var: 'data.length' }, 'integer'] }, data: { length: 1.5 }, gives: false },
  },
  {
    name: 'lower',
    args: [1, 1],
    takes: 'plain',
    form: '{ lower: text }',
    about: 'The text in lower case; other values as they are.',
    example: { when: { lower: { var: 'data.title' } }, data: { title: 'LIVE' }, gives: 'live' },
  },
  {
    name: 'upper',
    args: [1, 1],
    takes: 'plain',
    form: '{ upper: text }',
    about: 'The text in upper case; other values as they are.',
    example: { when: { upper: { var: 'data.title' } }, data: { title: 'live' }, gives: 'LIVE' },
  },
  {
    name: 'cat',
    args: [1, any],
    takes: 'plain',
    form: '{ cat: [a, b, …] }',
    about: 'The values joined to a text; null is nothing.',
    example: { when: { cat: ['room ', { var: 'data.room_id' }] }, data: { room_id: 7 }, gives: 'room 7' },
  },
  {
    name: 'substr',
    args: [2, 3],
    takes: 'plain',
    form: '{ substr: [text, start, length] }',
    about: 'A part of a text; a negative start counts from the end, a negative length leaves that many off the end.',
    example: { when: { substr: [{ var: 'data.file' }, -3] }, data: { file: 'clip.mp4' }, gives: 'mp4' },
  },
  {
    name: '+',
    args: [1, any],
    takes: 'plain',
    form: '{ "+": [a, b, …] }',
    about: 'The sum; texts are read as numbers. Whole numbers beyond 2^53 are exact, here and in `-`, `*` and `%`.',
    example: { when: { '+': [{ var: 'data.a' }, 1] }, data: { a: '2' }, gives: 3 },
  },
  {
    name: '-',
    args: [1, 2],
    takes: 'plain',
    form: '{ "-": [a, b] }` or `{ "-": a }',
    about: 'The difference, or the negative.',
    example: { when: { '-': [{ var: 'data.end' }, { var: 'data.start' }] }, data: { start: 10, end: 25 }, gives: 15 },
  },
  {
    name: '*',
    args: [1, any],
    takes: 'plain',
    form: '{ "*": [a, b, …] }',
    about: 'The product; texts are read as numbers.',
    example: { when: { '*': [{ var: 'data.minutes' }, 60] }, data: { minutes: 2 }, gives: 120 },
  },
  {
    name: '/',
    args: [2, 2],
    takes: 'plain',
    form: '{ "/": [a, b] }',
    about: 'The quotient.',
    example: { when: { '/': [{ var: 'data.ms' }, 1000] }, data: { ms: 1500 }, gives: 1.5 },
  },
  {
    name: '%',
    args: [2, 2],
    takes: 'plain',
    form: '{ "%": [a, b] }',
    about: 'The remainder, with the sign of a.',
    example: { when: { '%': [{ var: 'data.n' }, 3] }, data: { n: 7 }, gives: 1 },
  },
  {
    name: 'min',
    args: [1, any],
    takes: 'plain',
    form: '{ min: [a, b, …] }',
    about: 'The least of the numbers.',
    example: { when: { min: [{ var: 'data.n' }, 3] }, data: { n: 7 }, gives: 3 },
  },
  {
    name: 'max',
    args: [1, any],
    takes: 'plain',
    form: '{ max: [a, b, …] }',
    about: 'The greatest of the numbers.',
    example: { when: { max: [{ var: 'data.n' }, 3] }, data: { n: 7 }, gives: 7 },
  },
  {
    name: 'merge',
    args: [1, any],
    takes: 'plain',
    form: '{ merge: [a, b, …] }',
    about: 'The lists and values as one list.',
    example: { when: { merge: [{ var: 'data.files' }, 'c'] }, data: { files: ['a', 'b'] }, gives: ['a', 'b', 'c'] },
  },
  {
    name: 'some',
    args: [2, 2],
    takes: 'each',
    form: '{ some: [list, condition] }',
    about: 'True where the condition holds for an item; `{ var: "" }` is the item.',
    example: { when: { some: [{ var: 'data.n' }, { '>': [{ var: '' }, 2] }] }, data: { n: [1, 3] }, gives: true },
  },
  {
    name: 'all',
    args: [2, 2],
    takes: 'each',
    form: '{ all: [list, condition] }',
    about: 'True where the list has items and the condition holds for each.',
    example: { when: { all: [{ var: 'data.n' }, { '>': [{ var: '' }, 2] }] }, data: { n: [] }, gives: false },
  },
  {
    name: 'none',
    args: [2, 2],
    takes: 'each',
    form: '{ none: [list, condition] }',
    about: 'True where the condition holds for no item.',
    example: { when: { none: [{ var: 'data.n' }, { '>': [{ var: '' }, 2] }] }, data: { n: [1] }, gives: true },
  },
  {
    name: 'filter',
    args: [2, 2],
    takes: 'each',
    form: '{ filter: [list, condition] }',
    about: 'The items for which the condition holds.',
    example: { when: { filter: [{ var: 'data.n' }, { '>': [{ var: '' }, 2] }] }, data: { n: [1, 3] }, gives: [3] },
  },
  {
    name: 'map',
    args: [2, 2],
    takes: 'each',
    form: '{ map: [list, value] }',
    about: 'A value for each item.',
    example: { when: { map: [{ var: 'data.n' }, { '*': [{ var: '' }, 2] }] }, data: { n: [1, 3] }, gives: [2, 6] },
  },
  {
    name: 'reduce',
    args: [2, 3],
    takes: 'each',
    form: '{ reduce: [list, value, start] }',
    about: 'One value of all items: `current` is the item, `accumulator` the value so far, first the start.',
    example: {
      when: { reduce: [{ var: 'data.n' }, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] },
      data: { n: [1, 3] },
      gives: 4,
    },
  },
];

const BY_NAME: ReadonlyMap<string, Operator> = new Map(OPERATORS.map((operator) => [operator.name, operator]));

export const OPERATOR_NAMES: readonly string[] = OPERATORS.map(({ name }) => name);

export function operatorNamed(name: string): Operator | undefined {
  return BY_NAME.get(name);
}
