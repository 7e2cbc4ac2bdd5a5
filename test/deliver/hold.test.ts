import { describe, expect, it } from 'vitest';
import { holdOf, type Looked } from '../../src/deliver/hold.ts';
import { fingerprint, HEALTHY } from '../../src/deliver/target-state.ts';

const NOW = Date.UTC(2026, 0, 1);
const reason = { code: 'HTTP_410', message: 'the target answered 410' };
const target = { enabled: true, url: 'http://127.0.0.1:9/hook' };
const stopped = { reason, url: fingerprint(target.url) };
const breaker = { openings: 1, until: NOW + 60_000 };

const hold = (state: Partial<Looked['state']>, looked: Partial<Looked> = {}) =>
  holdOf({ target, dueAt: NOW - 1000, now: NOW, ...looked, state: { ...HEALTHY, ...state } });

describe('why nothing is sent to a target', () => {
  it.each([
    ['nothing holds it', {}, {}, null],
    ['it is gone', {}, { target: undefined }, { kind: 'gone' }],
    ['it is switched off', { paused: true }, { target: { ...target, enabled: false } }, { kind: 'disabled' }],
    ['it answered 410', { stopped, paused: true }, {}, { kind: 'stopped', reason }],
    [
      'it answered 410 under a URL that is not known',
      { stopped },
      { target: { ...target, url: null } },
      { kind: 'stopped', reason },
    ],
    ['it has another URL by now', { stopped }, { target: { ...target, url: 'http://127.0.0.1:9/new' } }, null],
    [
      'it has another URL than the one that failed',
      { breaker: { ...breaker, url: stopped.url }, pausedUntil: NOW + 5, pausedUrl: stopped.url },
      { target: { ...target, url: 'http://127.0.0.1:9/new' } },
      null,
    ],
    [
      'its breaker is open under this URL',
      { breaker: { ...breaker, url: stopped.url } },
      {},
      { kind: 'breaker_open', until: NOW + 60_000 },
    ],
    ['an operator paused it', { paused: true, pausedUntil: NOW + 5 }, {}, { kind: 'paused' }],
    ['it asked for a pause', { pausedUntil: NOW + 5, breaker }, {}, { kind: 'asked', until: NOW + 5 }],
    ['its pause is over', { pausedUntil: NOW }, {}, null],
    ['its breaker is open', { breaker }, {}, { kind: 'breaker_open', until: NOW + 60_000 }],
    ['its breaker waits for a probe', { breaker: { openings: 1, until: NOW } }, {}, null],
    ['the delivery is due after the pause', { breaker, pausedUntil: NOW + 5 }, { dueAt: NOW + 60_000 }, null],
    ['the delivery is due later, and it is paused', { paused: true }, { dueAt: NOW + 60_000 }, { kind: 'paused' }],
  ] as const)('%s', (_, state, looked, expected) => {
    expect(hold(state, looked)).toEqual(expected);
  });
});
