import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatSize, parseDuration, parseRate, parseSize } from '../../src/kit/duration.ts';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['1.5m', 90_000],
    ['1h30m', 5_400_000],
    ['30d', 2_592_000_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '15', 's', '-1s', '15 s', '15S', '1h 30m', '1e3s', '15sec', '.5s'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('read back what they are written as', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
    expect(formatDuration(250)).toBe('250ms');
    expect(formatDuration(90_000)).toBe('1m30s');
  });
});

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['512', 512],
    ['512KB', 512_000],
    ['1MiB', 1_048_576],
    ['10GB', 10_000_000_000],
    ['1.5 KiB', 1536],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', 'MB', '1mb', '1K', '-1B', '1 000'])('%j is none', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});

describe('sizes for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 KB'],
    [49_152, '49.2 KB'],
    [999_949, '999.9 KB'],
    [999_950, '1.0 MB'],
    [10_000_000, '10.0 MB'],
    [1_300_000_000, '1.3 GB'],
    [2_000_000_000_000, '2.0 TB'],
    [5_000_000_000_000_000, '5000.0 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe('rates', () => {
  it('count in a time', () => {
    expect(parseRate('20/s')).toEqual({ count: 20, perMs: 1000 });
    expect(parseRate('100/m')).toEqual({ count: 100, perMs: 60_000 });
  });

  it.each(['', '20', '0/s', '1.5/s', '20/ms', '20 / s'])('%j is none', (text) => {
    expect(parseRate(text)).toBeUndefined();
  });
});
