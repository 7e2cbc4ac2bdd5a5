/** The reference of the operators: every one, with its example, as Markdown that holds together. */
import { describe, expect, it } from 'vitest';
import { operators } from '../../src/translate/operators/index.ts';
import { operatorReference } from '../../src/translate/reference.ts';

describe('the reference', () => {
  const text = operatorReference();

  it('has a row for every operator', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => /^\| `(\w+)/.exec(row)?.[1]).toSorted()).toEqual([...operators.keys()].toSorted());
  });

  it('has four cells in every row, whatever the examples hold', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|'), row).toHaveLength(6);
  });
});
