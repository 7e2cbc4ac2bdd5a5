import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/kit/problem.ts';
import { member, plainValue, readYaml, type YamlNode } from '../../src/kit/yaml.ts';

/** `line:column CODE message | Try`, one a problem. */
function problemsOf(text: string): string[] {
  return readYaml(text, 'f.yaml').problems.map((problem) => formatProblem(problem).replace('\n  Try: ', ' | '));
}

function rootOf(text: string): YamlNode {
  const { root, problems } = readYaml(text, 'f.yaml');
  expect(problems).toEqual([]);
  return root as YamlNode;
}

describe('a mistake in YAML is said once, at its place, in plain words', () => {
  it.each([
    ['a:\n\tb: 1\n', '2:1  a tab cannot indent: YAML takes spaces only  [YAML_SYNTAX] | two spaces for each tab'],
    [
      'a:\n  b: 1\n   c: 2\n',
      '3:4  this line is indented deeper than the one above, which has a value already  [YAML_SYNTAX] | the same indentation',
    ],
    [
      'a:\n    b: 1\n  c: 2\n',
      '3:3  the indentation of this line fits no line above it  [YAML_SYNTAX] | the indentation of the lines it belongs to',
    ],
    ['a: "x\nb: 1\n', '1:4  the text in quotes that begins here is never closed  [YAML_SYNTAX] | a " at its end'],
    ["b: 1\na: 'x\n", "2:4  the text in quotes that begins here is never closed  [YAML_SYNTAX] | a ' at its end"],
    [
      'a: { b: 1\nc: 2\n',
      '1:4  the { here is never closed, or what is in it is not indented  [YAML_SYNTAX] | a } at its end',
    ],
    [
      'a: [1, 2\nb: 3\n',
      '1:4  the [ here is never closed, or what is in it is not indented  [YAML_SYNTAX] | a ] at its end',
    ],
    [
      'server\n  port: 1\n',
      '1:1  a ":" is missing: this line is neither a key with a value nor part of the one above  [YAML_SYNTAX] | server:',
    ],
    [
      'a:\n  - b: 1\n    c: 2\n   d: 3\n    e: 4\n',
      '4:4  the indentation of this line fits no line above it  [YAML_SYNTAX] | the indentation of the lines it belongs to',
    ],
    [
      'a:\n  b: { c: 1 }\n#d:\n  - e: 1\n',
      '4:3  this line is no part of what stands above it: the key that it belongs to is missing  [YAML_SYNTAX] | its key on the line before',
    ],
    [
      'a: { b: http://x/?y={z} }\n',
      '1:21  a bracket inside of a text opens one here  [YAML_SYNTAX] | the text in quotes',
    ],
    ['a:1\nb: 2\n', '1:1  a space is missing behind the ":"  [YAML_SYNTAX] | a: 1'],
    ['a: b: c\n', '1:4  text with ": " in it has to be in quotes  [YAML_SYNTAX] | "b: c"'],
    ['a: @x\n', '1:4  text cannot begin with @ unless it is in quotes  [YAML_SYNTAX] | "@x"'],
    [
      'a: "\\q"\n',
      "1:5  this backslash is no escape of double quotes  [YAML_SYNTAX] | 'single quotes', or two backslashes for one",
    ],
    ['a: ]\n', '1:4  ] stands where nothing opens or expects it  [YAML_SYNTAX] | taking it out'],
    [
      'a: { s: ${env:X}, b: 1 }\nc: 1\n',
      '1:9  ${env:X} has to be in quotes inside of { } and [ ]  [YAML_SYNTAX] | "${env:X}"',
    ],
    [
      'a: { u: https://${env:H:-a b}/${env:P:-{x}} }\n',
      '1:9  https://${env:H:-a b}/${env:P:-{x}} has to be in quotes inside of { } and [ ]  [YAML_SYNTAX] | "https://${env:H:-a b}/${env:P:-{x}}"',
    ],
    ['a: [${env:X}]\n', '1:5  ${env:X} has to be in quotes inside of { } and [ ]  [YAML_SYNTAX] | "${env:X}"'],
    ['a: {${env:X}: 1}\n', '1:5  ${env:X} has to be in quotes inside of { } and [ ]  [YAML_SYNTAX] | "${env:X}"'],
    ['a: { b: x${data.', '1:9  x${data. has to be in quotes inside of { } and [ ]  [YAML_SYNTAX] | "x${data."'],
    [
      'a: { >: [b, 1] }\nc: 1\n',
      '1:6  the key > has to be in quotes: YAML means something else by it  [YAML_SYNTAX] | ">": …',
    ],
    [
      'a:\n  >=: [b, 1]\nc: 1\n',
      '2:3  the key >= has to be in quotes: YAML means something else by it  [YAML_SYNTAX] | ">=": …',
    ],
    [
      'a:\n  - >:\n      - b\n  - c\n',
      '2:5  the key > has to be in quotes: YAML means something else by it  [YAML_SYNTAX] | ">": …',
    ],
    [
      'a: { *: [b, 2] }\n',
      '1:6  the key * has to be in quotes: YAML means something else by it  [YAML_SYNTAX] | "*": …',
    ],
    [
      'a: { %: [b, 2] }\n',
      '1:6  the key % has to be in quotes: YAML means something else by it  [YAML_SYNTAX] | "%": …',
    ],
    [
      'a: { !=: [b, 1] }\n',
      '1:6  the key != has to be in quotes: YAML means something else by it  [YAML_TAG] | "!=": …',
    ],
    ['a:\n  !: b\n', '2:3  the key ! has to be in quotes: YAML means something else by it  [YAML_TAG] | "!": …'],
    ['a:\n  -b: 1\n   c: 2\n   d: 3\n', '2:3  a space is missing behind the "-"  [YAML_SYNTAX] | - b: 1'],
    [
      'a: { b: 1 c: 2 }\n',
      '1:9  a comma is missing here, or text with ": " in it has to be in quotes  [YAML_SYNTAX] | a , between the two',
    ],
    ['a: ["b" "c"]\n', '1:9  a comma is missing before this  [YAML_SYNTAX] | a , between the two'],
    [`a: 'it's'\n`, `1:8  the quote before this ends the text  [YAML_SYNTAX] | '' for a ' inside of it`],
    ['a: "b "c""\n', '1:8  the quote before this ends the text  [YAML_SYNTAX] | \\" for a " inside of it'],
    ['a：1\nb: 2\n', '1:1  this ： is a letter for YAML, which knows only ":"  [YAML_SYNTAX] | a: 1'],
    [
      'a:\n\u00a0 b: 1\n',
      '2:1  the U+00A0 before this key looks like a space, and is a letter for YAML  [YAML_KEY] | spaces instead',
    ],
    [
      'a: 1\n---\nb: 2\n',
      '2:1  a second document begins here, and one is all that is read  [YAML_SYNTAX] | one file without ---',
    ],
    [
      'a: \u0001\n',
      '1:4  the control character U+0001 cannot stand in YAML  [YAML_SYNTAX] | "\\u0001" in double quotes, or leaving it out',
    ],
    [
      'x:\n  a: 1\n  a: 2\n',
      '3:3  the key "a" is there twice, the first on line 2  [YAML_DUPLICATE_KEY] | one of the two',
    ],
    ['"1": a\n1: b\n', '2:1  the key "1" is there twice, the first on line 1  [YAML_DUPLICATE_KEY] | one of the two'],
    ['a: !env X\n', '1:4  the tag !env is not allowed here  [YAML_TAG] | leaving it out, or the text in quotes'],
    [
      'a: !!map\n  b: 1\n',
      '1:4  the tag !!map is not allowed here  [YAML_TAG] | leaving it out, or the text in quotes',
    ],
    [
      'a: *.example.com\n',
      '1:4  the alias *.example.com has no anchor  [YAML_ALIAS] | "*.example.com" in quotes where text is meant',
    ],
    ['a: &a [*a]\n', '1:8  the alias *a stands inside of what it repeats  [YAML_ALIAS] | writing it out'],
    ['? [a]\n: 1\n', '1:3  a key must be plain text  [YAML_KEY] | key: value'],
    ['a: {{b}}\n', '1:5  YAML reads {{…}} as a map in a map  [YAML_KEY] | ${…} for a value, or quotes around the text'],
    [': 1\n', '1:1  a key is missing before the ":"  [YAML_KEY] | another key'],
    ['a:\n  __proto__: 1\n', '2:3  the key "__proto__" is not allowed  [YAML_KEY] | another key'],
    ['a:\n  <<: *b\n', '2:7  the alias *b has no anchor  [YAML_ALIAS] | "*b" in quotes where text is meant'],
    ['a:\n  <<: 5\n', '2:7  << takes keys and values over, and here are none  [YAML_MERGE] | <<: *anchor'],
  ])('%j', (text, expected) => {
    expect(problemsOf(text)).toEqual([`f.yaml:${expected}`]);
  });

  it('finds several independent mistakes of one file', () => {
    expect(problemsOf('a: 1\na: 2\nb: !x 1\n').map((line) => line.replace(/ {2}.*\[/, ' ['))).toEqual([
      'f.yaml:2:1 [YAML_DUPLICATE_KEY] | one of the two',
      'f.yaml:3:4 [YAML_TAG] | leaving it out, or the text in quotes',
    ]);
  });

  it.each([
    ['a tab', 'a:\n  b:\n    c: 1\n\td: 2\n    e: 3\n  f:\n    g: 4\nh: 5\n', '4:1  a tab'],
    ['tabs in all lines', 'a:\r\n\tb:\r\n\t\tc: 1\r\nd:\r\n\te: 1\r\n', '2:1  a tab'],
    ['a tab inside of brackets', 'a: {\n\t\tb: 1,\n\t\tc: 2\n\t}\nd: 1\n', '2:1  a tab'],
    ['a tab behind spaces', 'a:\n  b: 1\n \tc: 2\n', '3:2  a tab'],
    ['a tab in a list', '- a: 1\n\tb: 2\n  c: 3\n- a: 2\n', '2:1  a tab'],
    ['an open bracket', 'a:\n  - b: { c: [1, 2]\n    d: 3\n  - e: 4\n    f: 5\ng: 1\n', '2:8  the { here'],
    ['the other bracket', 'a:\n  - b: { c: [1, 2 }\n    d: 3\n  - e: 4\n    f: 5\ng: 1\n', '2:13  the [ here'],
    ['a bracket too many', 'a:\n  - b: { c: 1 }}\n    d: 3\ne: 1\n', '2:16  } stands'],
    ['brackets over several lines', 'a: {\n  b: [1,\n}\nc: 3\nd:\n  e: 1\n', '2:6  the [ here'],
    ['a list beside keys', 'a:\n  - b: 1\n  c: 2\n  d: 3\ne: 1\n', '3:3  the indentation'],
  ])('does not tell what only follows from %s', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`f.yaml:${expected}`);
  });

  it('tells the mistakes of one block that follow from nothing, and those of the next one', () => {
    const places = (text: string): string[] => problemsOf(text).map((line) => line.replace(/ {2}.*/, ''));
    expect(places('a:\n  b:1\n  c: 2\n  d:4\ne: f: g\n')).toEqual(['f.yaml:2:3', 'f.yaml:4:3', 'f.yaml:5:4']);
    expect(places('a:\n\tb: 1\nc: { d: 1\ne: 2\n')).toEqual(['f.yaml:2:1', 'f.yaml:3:4']);
    expect(places('a:\n    b: 1\n  c: 2\nd:\n    e: 1\n  f: 2\n')).toEqual(['f.yaml:3:3', 'f.yaml:6:3']);
  });

  it('says of each line that it needs quotes around a placeholder', () => {
    const text = 'a: {\n  s: ${env:X},\n  t: "${env:X}",\n  u: ${env:Y:-5}\n}\nb: ${env:Z}\nc: [x${env:Z}y]\n';
    expect(problemsOf(text).map((line) => line.replace(/ {2}.*\[/, ' ['))).toEqual([
      'f.yaml:2:6 [YAML_SYNTAX] | "${env:X}"',
      'f.yaml:4:6 [YAML_SYNTAX] | "${env:Y:-5}"',
      'f.yaml:7:5 [YAML_SYNTAX] | "x${env:Z}y"',
    ]);
  });

  it('does not take an exclamation mark in text for a tag', () => {
    expect(problemsOf('a: "!x"\nb: hi !x\nc: |\n  !x\n\'!d\': 1 # !e\n')).toEqual([]);
  });
});

describe('a hostile file costs one problem and little time', () => {
  it.each([
    ['brackets', '['.repeat(10_000)],
    ['braces', `${'{a: '.repeat(900)}${'}'.repeat(900)}`],
    ['dashes', `${'- '.repeat(10_000)}x`],
    ['explicit keys', `${'? '.repeat(10_000)}x`],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['deep indentation', Array.from({ length: 10_000 }, (_, i) => `${' '.repeat(Math.min(i, 500))}a:`).join('\n')],
  ])('%s nested too deep', (_, text) => {
    expect(readYaml(text, 'f.yaml').problems.map(({ code }) => code)).toEqual(['YAML_TOO_DEEP']);
  });

  it('many keys in one map', () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => `"${i}": x\n`).join('');
    const startedAt = performance.now();
    expect(readYaml(`${rows}5: y\n`, 'f.yaml').problems.map(({ at, code }) => [at?.line, code])).toEqual([
      [40_001, 'YAML_DUPLICATE_KEY'],
    ]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('many lines at a wrong depth', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => `  "${i}": x\n`).join('');
    const startedAt = performance.now();
    expect(readYaml(`a:\n    b: 1\n${rows}`, 'f.yaml').problems.map(({ at }) => at?.line)).toEqual([3]);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it('reports aliases that multiply without bound once, where the first of them passes the limit', () => {
    const nine = (name: string): string => Array.from({ length: 9 }, () => `*${name}`).join(', ');
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [previous, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair])) {
      lines.push(`${name}: &${name} [${nine(previous as string)}]`);
    }
    const { problems } = readYaml(lines.join('\n'), 'f.yaml');
    expect(problems.map(({ code, at }) => `${at?.line} ${code}`)).toEqual(['6 YAML_ALIAS_BOMB']);
  });

  it('reads any text without throwing', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!',
      '#',
      '<<',
      '\t',
      '? ',
      '---',
      '%',
      '\\',
      '\u0000',
      '\ufeff',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { root, problems } = readYaml(pieces.join(''), 'f.yaml');
        if (root) plainValue(root);
        for (const { at } of problems) expect(Math.min(at?.line ?? 0, at?.column ?? 0)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a tree of YAML', () => {
  it('takes anchors, aliases and merges, where own keys win', () => {
    const root = rootOf('base: &base { a: 1, b: 2 }\nmore: { <<: *base, b: 3 }\nlist: [*base]\n');
    expect(plainValue(root)).toEqual({ base: { a: 1, b: 2 }, more: { b: 3, a: 1 }, list: [{ a: 1, b: 2 }] });
  });

  it('lets an alias mean the last anchor before it', () => {
    expect(plainValue(rootOf('a: &x 1\nb: *x\nc: &x 2\nd: *x\n'))).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('keeps whole numbers beyond 2^53 exact', () => {
    expect(plainValue(rootOf('a: 9007199254740993\nb: 5\nc: 1.5\n'))).toEqual({ a: 9007199254740993n, b: 5, c: 1.5 });
  });

  it('tells text in quotes from a number', () => {
    const root = rootOf('a: "5"\nb: 5\n');
    expect(member(root, 'a')).toMatchObject({ value: '5', quoted: true });
    expect(member(root, 'b')).toMatchObject({ value: 5, quoted: false });
  });

  it('keeps keys such as on, yes and 1.0 as they are written', () => {
    expect(plainValue(rootOf('on: yes\n1.0: no\nnull: ~\n'))).toEqual({ on: 'yes', '1.0': 'no', null: null });
  });

  it('knows the place of a character in text', () => {
    const value = member(rootOf('a: x\nb: "one ${two}"\n'), 'b');
    expect(value?.kind === 'value' && value.positionOf(4)).toEqual({ file: 'f.yaml', line: 2, column: 9 });
  });

  it('has no root for an empty file', () => {
    expect(readYaml('# nothing\n', 'f.yaml')).toMatchObject({ root: undefined, problems: [] });
  });

  it('finds only own keys', () => {
    expect(member(rootOf('a: 1'), 'constructor')).toBeUndefined();
    expect(member(rootOf('[1]'), 'length')).toBeUndefined();
  });
});
