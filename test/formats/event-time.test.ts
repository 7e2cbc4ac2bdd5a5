import { describe, expect, it } from 'vitest';
import { isIsoTime, isoFromEpochMs, isoFromText } from '../../src/formats/event-time.ts';

describe('a time', () => {
  it.each([
    ['2025-03-19T11:41:21Z', '2025-03-19T11:41:21.000Z'],
    ['2025-03-19T11:41:21.4Z', '2025-03-19T11:41:21.400Z'],
    ['2025-03-19T11:41:21.499Z', '2025-03-19T11:41:21.499Z'],
    ['2025-03-19T11:41:21.499999999Z', '2025-03-19T11:41:21.499Z'],
    ['2025-03-19T11:41:21,5Z', '2025-03-19T11:41:21.500Z'],
    ['2025-03-19T12:41:21+01:00', '2025-03-19T11:41:21.000Z'],
    ['2025-03-19T12:41:21+0100', '2025-03-19T11:41:21.000Z'],
    ['2025-03-19T01:41:21.123456-10', '2025-03-19T11:41:21.123Z'],
    ['2025-09-07T00:16:11.747461+08:00', '2025-09-06T16:16:11.747Z'],
    ['2025-03-19t11:41:21z', '2025-03-19T11:41:21.000Z'],
    ['2024-02-29T23:41:21-01:00', '2024-03-01T00:41:21.000Z'],
    ['2025-03-31T24:00:00Z', '2025-04-01T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => expect(isoFromText(text)).toBe(iso));

  it.each([
    '',
    'yesterday',
    '2025-03-19',
    '2025-03-19T11:41:21',
    '2025-03-19T11:41:21.1234567890Z',
    '2025-13-19T11:41:21Z',
    '2025-02-29T11:41:21Z',
    '2025-04-31T11:41:21+08:00',
    '2025-04-00T11:41:21Z',
    '2025-03-19T25:41:21Z',
    '0001-01-01T00:00:00Z',
    '1742384481499',
  ])('%j is none', (text) => expect(isoFromText(text)).toBeUndefined());

  it.each(['2025-03-19T11:41:21Z', '1969-12-31T23:59:59.999Z', '1900-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00'])(
    '%s is written as one, whatever its year',
    (text) => expect(isIsoTime(text)).toBe(true),
  );

  it.each(['', 'yesterday', '2025-03-19', '1969-02-29T00:00:00Z', '1969-12-31T25:00:00Z', '1969-12-31T00:00:00'])(
    '%j is not even written as one',
    (text) => expect(isIsoTime(text)).toBe(false),
  );

  it('has to be between 1970 and 9999', () => {
    expect(isoFromEpochMs(0)).toBe('1970-01-01T00:00:00.000Z');
    expect(isoFromEpochMs(253_402_300_799_999)).toBe('9999-12-31T23:59:59.999Z');
    for (const wrong of [-1, 253_402_300_800_000, Number.NaN, Infinity]) expect(isoFromEpochMs(wrong)).toBeUndefined();
  });
});
