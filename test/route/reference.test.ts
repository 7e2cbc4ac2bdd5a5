import { describe, expect, it } from 'vitest';
import { OPERATORS } from '../../src/route/operators.ts';
import { filterReference } from '../../src/route/reference.ts';
import { filterOf } from './compile.ts';

describe('the reference of filter operators', () => {
  it.each(OPERATORS.map((operator) => [operator.name, operator.example] as const))(
    'has an example of %s that holds',
    (_, example) => {
      expect(filterOf(example.when).evaluate({ data: example.data })).toEqual(example.gives);
    },
  );

  it('has a row of three cells for every operator', () => {
    const rows = filterReference().trimEnd().split('\n').slice(2);
    expect(rows).toHaveLength(OPERATORS.length);
    for (const row of rows) expect(row.split(/(?<!\\)\|/)).toHaveLength(5);
    expect(rows).toContain(
      '| `{ ends_with: [text, end] }` | True where the text ends so. A value that is neither text nor number does not. | `{"ends_with":[{"var":"data.file"},".mp4"]}` with `data` `{"file":"clip-1.mp4"}` gives `true` |',
    );
  });
});
