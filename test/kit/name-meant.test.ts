import { describe, expect, it } from 'vitest';
import { nameMeant } from '../../src/kit/name-meant.ts';
import { foreignNames as foreignInFilters } from '../../src/route/foreign-names.ts';
import { OPERATOR_NAMES } from '../../src/route/operators.ts';
import { foreignNames } from '../../src/translate/operators/foreign-names.ts';
import { operators } from '../../src/translate/operators/index.ts';

describe('the operator that was meant', () => {
  it.each([
    ['=>', '>='],
    ['=<', '<='],
    ['=', '=='],
    ['<>', '!='],
    ['&&', 'and'],
    ['||', 'or'],
    ['toUpperCase', 'upper'],
    ['substring', 'substr'],
    ['startsWith', 'starts_with'],
    ['start_with', 'starts_with'],
    ['includes', 'in'],
    ['get', 'var'],
    ['vra', 'var'],
    ['nope', undefined],
  ])('in a filter by %s is %s', (written, meant) => {
    expect(nameMeant(written, { known: OPERATOR_NAMES, foreign: foreignInFilters })).toBe(meant);
  });

  it.each([
    ['toUpperCase', 'upper'],
    ['toLowerCase', 'lower'],
    ['substring', 'slice'],
    ['startsWith', 'starts_with'],
    ['replaceAll', 'replace'],
    ['Upper', 'upper'],
    ['uper', 'upper'],
    ['nope', undefined],
  ])('in a mapping by %s is %s', (written, meant) => {
    expect(nameMeant(written, { known: operators.keys(), foreign: foreignNames })).toBe(meant);
  });

  it('is an operator of filters, whatever others call it', () => {
    for (const [foreign, ours] of foreignInFilters) {
      expect(OPERATOR_NAMES, foreign).toContain(ours);
      expect(OPERATOR_NAMES).not.toContain(foreign);
    }
  });
});
