import { describe, expect, it } from 'vitest';
import { timeWords } from '../../src/admin/dashboard/show/time.ts';

describe('a duration on a page', () => {
  it.each([
    [38, '38 ms', '38 ms'],
    [1400, '1.4 s', '1.4 s'],
    [120_000, '2 min', '2 分钟'],
    [5_400_000, '1.5 h', '1.5 小时'],
    [129_600_000, '1.5 d', '1.5 天'],
  ])('of %i ms is in the language of the reader', (ms, english, chinese) => {
    expect([timeWords('en').duration(ms), timeWords('zh').duration(ms)]).toEqual([english, chinese]);
  });
});
