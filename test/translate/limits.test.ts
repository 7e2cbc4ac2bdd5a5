/** No payload and no mapping file makes the translation hang, fill the memory or throw. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../src/translate/expression/parse.ts';
import { ExpressionError } from '../../src/translate/expression/tokens.ts';
import { operators } from '../../src/translate/operators/index.ts';
import { RunError } from '../../src/translate/run.ts';
import { compileFor, evaluateExpression, OPEN_SCOPE } from './evaluate-expression.ts';
import { load, loadOne, scopeOf } from './load-for-test.ts';

const free = (body: string): string => `from: json\nto: json\ntranslate:\n  "*":\n    body: ${body}\n`;

describe('work without bound', () => {
  const long = 'x'.repeat(1_000_000);
  const cases: readonly [expression: string, data: unknown][] = [
    ['data.text | pad data.n', { text: 'a', n: 1e9 }],
    ['data.text | repeat 1000000', { text: 'ab' }],
    ['data.text | repeat data.n', { text: 'ab', n: 2 ** 40 }],
    ['data.text | replace "x" "0123456789"', { text: long }],
    ['data.text | re_replace "x" "0123456789"', { text: long }],
    ['data.text | re_replace "(.*)" "$1$1$1$1$1$1$1$1"', { text: long }],
    ['data.text | split ""', { text: 'x'.repeat(16_000_000) }],
    ['data.list | map(data.list | map(data.list | map(1)))', { list: Array.from({ length: 1000 }, () => 1) }],
    ['data.list | join data.text', { list: Array.from({ length: 1000 }, () => 1), text: 'x'.repeat(10_000) }],
    ['data.list | concat data.list | concat data.list', { list: Array.from({ length: 60_000 }, () => 1) }],
  ];
  it.each(cases)('%s stops with a reason', (expression, data) => {
    const run = (): unknown => evaluateExpression(expression, data);
    expect(run).toThrow(RunError);
    expect(run).toThrow(/steps|characters|items|width|times/);
  });

  it('stops loops within loops', () => {
    const mapping = loadOne(
      free('{ $each: data.l, as: a, do: { $each: data.l, as: b, do: { $each: data.l, as: c, do: x } } }'),
    );
    const result = mapping.translate(scopeOf({ l: Array.from({ length: 2000 }, (_, i) => i) }));
    expect(result).toMatchObject({ kind: 'failed', reason: { code: 'MAPPING_TOO_LARGE' } });
  });

  it.each([
    ['$logic', '{ $each: data.l, as: a, do: { $logic: { map: [{ var: data.l }, { cat: [{ var: "" }, x] }] } } }'],
    ['$logic that copies a text', '{ $each: data.l, as: a, do: { $logic: { cat: [{ var: data.t }, { var: a }] } } }'],
    [
      '$if',
      '{ $each: data.l, as: a, do: { $if: { some: [{ var: data.l }, { "==": [{ var: "" }, -1] }] }, then: 1, else: 2 } }',
    ],
  ])('stops loops around the json-logic of %s', (_, body) => {
    const data = { l: Array.from({ length: 2000 }, (_, i) => i), t: 'x'.repeat(200_000) };
    expect(loadOne(free(body)).translate(scopeOf(data))).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_TOO_LARGE' },
    });
  });

  it('stops loops around the json-logic of a when', () => {
    const when = '{ some: [{ var: data.l }, { "==": [{ var: "" }, -1] }] }';
    const steps = `[{ $each: data.l, as: a, do: { when: ${when}, body: 1 } }]`;
    const mapping = loadOne(`from: json\nto: json\ntranslate:\n  "*": ${steps}\n`);
    expect(mapping.translate(scopeOf({ l: Array.from({ length: 2000 }, (_, i) => i) }))).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_TOO_LARGE' },
    });
  });

  it.each([
    ['$switch', '{ $switch: "${data.k}", cases: { "[object Object]": a, "1,2": b }, default: c }', ''],
    ['$table', '{ $table: t, key: "${data.k}", default: c }', 'tables: { t: { "1,2": x } }\n'],
  ])('finds nothing in a %s by a list or an object, however long or odd', (_, body, tables) => {
    const mapping = loadOne(`${free(body)}${tables}`);
    for (const k of [[1, 2], { toString: 1, valueOf: 2 }, {}]) {
      expect(mapping.translate(scopeOf({ k }))).toMatchObject({
        kind: 'failed',
        reason: { code: 'MAPPING_BAD_VALUE', message: expect.stringContaining('is no single value') },
      });
    }
    expect(mapping.translate(scopeOf({ k: 'zz' }))).toMatchObject({ kind: 'emitted' });
  });

  it('stops joined texts', () => {
    const text = 'x'.repeat(600_000);
    expect(loadOne(free('"${data.t}${data.t}"')).translate(scopeOf({ t: text }))).toMatchObject({
      kind: 'failed',
      reason: { code: 'MAPPING_TOO_LARGE' },
    });
  });

  it('stops values that hold themselves many times over, before they are written', () => {
    const list = Array.from({ length: 20_000 }, (_, i) => i);
    const text = 'x'.repeat(900_000);
    const bodies = ['map(data.l)', 'map(data.l) | json', 'map(data.t)', 'map(data.l | contains data.l)'];
    for (const body of bodies) {
      expect(loadOne(free(`\${data.l | ${body}}`)).translate(scopeOf({ l: list, t: text }))).toMatchObject({
        kind: 'failed',
        reason: { code: 'MAPPING_TOO_LARGE' },
      });
    }
  });

  it('lets a large payload through as it is', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: i, name: `row ${i}`, tags: ['a', 'b'] }));
    expect(loadOne(free('${raw}')).translate(scopeOf(rows))).toMatchObject({ kind: 'emitted' });
  });

  it('refuses fragments that multiply without bound', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, i) => `  f${i}: [ { $use: f${i + 1} }, { $use: f${i + 1} } ]`,
    ).join('\n');
    const { problems } = load({
      'x.yaml': `from: json\nto: json\nfragments:\n${fragments}\n  f30: x\ntranslate:\n  "*": { body: { $use: f0 } }\n`,
    });
    expect(problems).toMatchObject([{ code: 'MAPPING_TOO_LARGE' }]);
  });
});

const value = fc.anything({
  withBigInt: true,
  withDate: false,
  withMap: false,
  withSet: false,
  withTypedArray: false,
  maxDepth: 3,
});

describe('any expression', () => {
  const word = fc.constantFrom(
    'data',
    'it',
    '.',
    '..',
    '?',
    '??',
    '|',
    '(',
    ')',
    '[',
    ']',
    ',',
    '"x"',
    "'",
    '"',
    '5',
    '-1.5',
    '1e400',
    'true',
    'null',
    'upper',
    'default',
    'map',
    'x',
    ' ',
    '\\',
    '${',
    '}',
    '登',
    '__proto__',
    '[0]',
  );

  it('is read or refused, never more', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
          fc.string({ maxLength: 200 }),
        ),
        (text) => {
          try {
            parseExpression(text);
          } catch (error) {
            expect(error).toBeInstanceOf(ExpressionError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has a place inside the text for every mistake', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        const text = words.join('');
        for (const { at } of compileFor(text, OPEN_SCOPE).problems)
          expect(at?.column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

describe('any value', () => {
  const names = [...operators.keys()];

  it('goes through any operator, or stops with a place and a reason', () => {
    const args = fc.array(
      fc.constantFrom('"x"', '"%Y"', '""', '3', '-1', '0', '2.5', 'data.b', '(it)', 'iso', '[1, "a"]', '"hex"'),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), args, value, value, (name, given, a, b) => {
        const { compiled } = compileFor(`data.a | ${[name, ...given].join(' ')}`, OPEN_SCOPE);
        if (!compiled) return;
        try {
          compiled.evaluate({ scope: { data: { a, b } }, meter: { work: 100_000 }, trace: null });
        } catch (error) {
          expect(error, `${name} ${given}`).toBeInstanceOf(RunError);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('any file', () => {
  const piece = fc.constantFrom(
    'from: json\n',
    'to: json\n',
    'translate:\n',
    '  "*":\n',
    '    body: ',
    '${data.x',
    '}',
    '{ ',
    ' }',
    '[',
    ']',
    '$each: ',
    '$if: ',
    'then: ',
    'x',
    ': ',
    '\n',
    '  ',
    '- ',
    '"',
    '&a ',
    '*a',
    '<<: ',
    '!!',
    'params:\n',
    'fragments:\n',
    '$use: a',
    'a: { $use: a }',
    '|',
    '# ',
    '\t',
  );

  it('gives mappings or problems, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
          fc.string(),
        ),
        (text) => {
          const { mappings, problems } = load({ 'x.yaml': text });
          expect(mappings.size + problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
