import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Judged, judge } from '../../src/deliver/judge.ts';
import { retryAfterMs } from '../../src/kit/retry-after.ts';
import type { RetryPolicy } from '../../src/model/target.ts';

const NOW = Date.UTC(2026, 0, 1);
const SCHEDULE = [5, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map((s) => s * 1000);
const policy: RetryPolicy = { quick: 3, schedule: SCHEDULE, retryOn: [], deadOn: [] };
const middle: Omit<Judged, 'result'> = { policy, round: 0, now: NOW, createdAt: NOW - 1000, random: 0.5 };

const answered = (status: number, retryAfter?: string): Judged['result'] => ({ kind: 'answered', status, retryAfter });
const failed = (code: string): Judged['result'] => ({ kind: 'failed', reason: { code, message: 'why' } });

describe('judge, by status', () => {
  it.each([
    // status, outcome, tried again within seconds, tells against the target
    [200, 'delivered', false, false],
    [201, 'delivered', false, false],
    [202, 'delivered', false, false],
    [204, 'delivered', false, false],
    [206, 'delivered', false, false],
    [299, 'delivered', false, false],
    [300, 'retry', false, true],
    [301, 'retry', false, true],
    [302, 'retry', false, true],
    [303, 'retry', false, true],
    [304, 'retry', false, true],
    [307, 'retry', false, true],
    [308, 'retry', false, true],
    [400, 'dead', false, false],
    [401, 'retry', false, true],
    [402, 'retry', false, true],
    [403, 'retry', false, true],
    [404, 'retry', false, true],
    [405, 'dead', false, false],
    [406, 'retry', false, true],
    [407, 'retry', false, true],
    [408, 'retry', false, true],
    [409, 'retry', false, true],
    [410, 'dead', false, false],
    [411, 'retry', false, true],
    [413, 'dead', false, false],
    [414, 'dead', false, false],
    [415, 'dead', false, false],
    [418, 'retry', false, true],
    [422, 'dead', false, false],
    [425, 'retry', false, true],
    [429, 'retry', false, true],
    [451, 'retry', false, true],
    [499, 'retry', false, true],
    [500, 'retry', true, true],
    [501, 'retry', true, true],
    [502, 'retry', true, true],
    [503, 'retry', true, true],
    [504, 'retry', true, true],
    [522, 'retry', true, true],
    [599, 'retry', true, true],
    [999, 'retry', true, true],
  ] as const)('%i: %s', (status, kind, quick, countsAsFailure) => {
    const verdict = judge({ ...middle, result: answered(status) });
    expect({ kind: verdict.outcome.kind, quick: verdict.quick, failure: verdict.countsAsFailure }).toEqual({
      kind,
      quick,
      failure: countsAsFailure,
    });
    if (verdict.outcome.kind !== 'delivered') expect(verdict.outcome.reason.code).toBe(`HTTP_${status}`);
  });
});

describe('judge, by failure', () => {
  it.each([
    ['TIMEOUT', 'retry', false, true],
    ['CONNECT_TIMEOUT', 'retry', false, true],
    ['CONNECTION_REFUSED', 'retry', true, true],
    ['CONNECTION_RESET', 'retry', true, true],
    ['HOST_UNREACHABLE', 'retry', false, true],
    ['DNS_NOT_FOUND', 'retry', false, true],
    ['DNS_FAILED', 'retry', true, true],
    ['TLS_SELF_SIGNED', 'retry', false, true],
    ['BAD_RESPONSE', 'retry', false, true],
    ['NETWORK_ERROR', 'retry', true, true],
    ['ADDRESS_FORBIDDEN', 'dead', false, false],
  ] as const)('%s: %s', (code, kind, quick, countsAsFailure) => {
    const verdict = judge({ ...middle, result: failed(code) });
    expect(verdict).toMatchObject({ outcome: { kind, reason: { code } }, quick, countsAsFailure });
  });
});

describe('judge, as configured', () => {
  const with_ = (changes: Partial<RetryPolicy>) => ({ ...middle, policy: { ...policy, ...changes } });

  it.each([
    [400, { retryOn: [400] }, 'retry'],
    [410, { retryOn: [410] }, 'retry'],
    [422, { retryOn: [400] }, 'dead'],
    [404, { deadOn: [404] }, 'dead'],
    [500, { deadOn: [500] }, 'dead'],
    [429, { deadOn: [429] }, 'dead'],
    [404, { retryOn: [404], deadOn: [404] }, 'dead'],
    [200, { deadOn: [200] }, 'delivered'],
  ] as const)('%i with %j: %s', (status, changes, kind) => {
    expect(judge({ ...with_(changes), result: answered(status) }).outcome.kind).toBe(kind);
  });

  it('stops the target on 410, unless 410 is tried again or a dead letter by the configuration', () => {
    expect(judge({ ...middle, result: answered(410) }).stopTarget?.code).toBe('HTTP_410');
    expect(judge({ ...with_({ retryOn: [410] }), result: answered(410) }).stopTarget).toBeNull();
    const listed = judge({ ...with_({ deadOn: [410] }), result: answered(410) });
    expect(listed).toMatchObject({ outcome: { kind: 'dead', reason: { code: 'HTTP_410' } }, stopTarget: null });
    expect(judge({ ...with_({ deadOn: [404] }), result: answered(404) }).stopTarget).toBeNull();
    expect(judge({ ...with_({ deadOn: [404] }), result: answered(410) }).stopTarget?.code).toBe('HTTP_410');
    expect(judge({ ...middle, result: answered(404) }).stopTarget).toBeNull();
  });
});

describe('judge, by the schedule', () => {
  it.each(SCHEDULE.map((delay, round) => [round, delay]))(
    'waits round %i for %i ms, give or take a fifth',
    (round, delay) => {
      const at = (random: number) => {
        const { outcome } = judge({ ...middle, round, random, result: answered(500) });
        return outcome.kind === 'retry' ? outcome.at - NOW : outcome.kind;
      };
      expect([at(0), at(0.5), at(1)]).toEqual([delay * 0.8, delay, delay * 1.2]);
    },
  );

  it('gives up after the last round, and says what the last failure was', () => {
    const { outcome } = judge({
      ...middle,
      round: 11,
      now: NOW + 86_400_000,
      createdAt: NOW,
      result: failed('TIMEOUT'),
    });
    expect(outcome).toEqual({
      kind: 'dead',
      reason: { code: 'RETRIES_EXHAUSTED', message: 'given up after 12 rounds in 1d; the last: TIMEOUT, why' },
    });
  });

  it('gives up at once where there is no schedule', () => {
    const once = { ...middle, policy: { ...policy, schedule: [] } };
    expect(judge({ ...once, result: answered(500) }).outcome).toMatchObject({ reason: { code: 'RETRIES_EXHAUSTED' } });
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 7 ', 7000],
    ['0', 0],
    ['86400', 86_400_000],
    ['86401', 86_400_000],
    ['99999999999999999999', 86_400_000],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['Thursday, 01-Jan-26 00:02:00 GMT', 120_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['Sun, 01 Mar 2026 00:00:00 GMT', 86_400_000],
    ['-5', 0],
    ['1.5', 0],
    ['soon', 0],
    ['Thu, 99 Foo 2026', 0],
    ['', 0],
    [undefined, 0],
  ])('%s is %i ms', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });

  it.each([429, 503])('pauses the target on %i and is never undercut', (status) => {
    const verdict = judge({ ...middle, result: answered(status, '60') });
    expect(verdict).toMatchObject({
      outcome: { kind: 'retry', at: NOW + 60_000 },
      pauseTargetUntil: NOW + 60_000,
      quick: false,
      countsAsFailure: false,
    });
  });

  it('keeps the schedule where that is longer', () => {
    const { outcome } = judge({ ...middle, round: 5, result: answered(429, '60') });
    expect(outcome).toMatchObject({ kind: 'retry', at: NOW + 7_200_000 });
  });

  it.each([500, 502, 408, 302])('is not listened to on %i', (status) => {
    expect(judge({ ...middle, result: answered(status, '60') }).pauseTargetUntil).toBeNull();
  });

  it('never asks for more than a day or for less than nothing, whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const ms = retryAfterMs(value, NOW);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(86_400_000);
      }),
    );
  });
});
