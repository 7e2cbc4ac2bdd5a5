import { describe, expect, it } from 'vitest';
import { formatProblem, nearest, sortProblems } from '../../src/kit/problem.ts';

describe('problems', () => {
  it('says where, what, a code and the next step', () => {
    const at = { file: 'config/relay.yaml', line: 31, column: 9 };
    expect(
      formatProblem({ at, code: 'RULE_UNKNOWN_TARGET', message: 'no target "legacy-vdo"', try: 'legacy-vod' }),
    ).toBe('config/relay.yaml:31:9  no target "legacy-vdo"  [RULE_UNKNOWN_TARGET]\n  Try: legacy-vod');
  });

  it('finds the word that was meant, and none where nothing is near', () => {
    expect(nearest('legacy-vdo', ['inspector', 'legacy-vod'])).toBe('legacy-vod');
    expect(nearest('room_di', ['room_id', 'live_id'])).toBe('room_id');
    expect(nearest('x', ['legacy-vod'])).toBeUndefined();
  });

  it('sorts by place', () => {
    const problem = (line: number) => ({ at: { file: 'a', line, column: 1 }, code: 'X', message: '' });
    expect(sortProblems([problem(10), problem(2)]).map(({ at }) => at?.line)).toEqual([2, 10]);
  });
});
