/** Every operator's own examples, run through the compiler as a mapping would run them. */
import { describe, expect, it } from 'vitest';
import { foreignNames } from '../../src/translate/operators/foreign-names.ts';
import { operators } from '../../src/translate/operators/index.ts';
import { mistakeIn } from '../../src/translate/schema-fit.ts';
import { schemaOfValue } from '../../src/translate/value-types.ts';
import { compileFor, evaluateExpression, OPEN_SCOPE } from './evaluate-expression.ts';

describe('the examples of the operators', () => {
  const examples = [...operators.values()].flatMap(({ name, examples }) =>
    examples.map((example) => ({ name, ...example })),
  );

  it.each(examples)('$name: ${$expression} gives what it says', ({ expression, data, output }) => {
    expect(evaluateExpression(expression, data ?? {})).toEqual(output);
  });

  it.each(examples)(
    '$name: ${$expression} gives a value of the type that the checker foresees',
    ({ expression, output }) => {
      const { compiled } = compileFor(expression, OPEN_SCOPE);
      expect(compiled && mistakeIn(schemaOfValue(output), compiled.schema)).toBeUndefined();
    },
  );

  it.each([...operators.values()])('$name has a sentence and an example that uses it', (operator) => {
    expect(operator.summary).toMatch(/\.$/);
    expect(operator.examples.some(({ expression }) => new RegExp(`\\| ${operator.name}\\b`).test(expression))).toBe(
      true,
    );
  });
});

describe('the names', () => {
  it('advises only operators that exist, and never takes a name of ours', () => {
    for (const [foreign, ours] of foreignNames) {
      expect(operators.has(ours), `${foreign} → ${ours}`).toBe(true);
      expect(operators.has(foreign), foreign).toBe(false);
    }
  });

  it('has every operator that the language promises', () => {
    const promised =
      'string int float bool json default first round floor ceil abs add sub mul div min max lower upper trim replace match slice split join length basename dirname extension truncate pad urlencode base64 hex sha256 hmac uuid5 time add_time duration map filter flatten unique sort keys values pick merge';
    expect(promised.split(' ').filter((name) => !operators.has(name))).toEqual([]);
  });
});
