import { describe, expect, it } from 'vitest';
import { type AttemptNote, noteAttempt } from '../../src/subscriptions/note-attempt.ts';
import type { Subscriber } from '../../src/subscriptions/subscriber.ts';
import { DAY_MS } from './rig.ts';

const NOW = 1_800_000_000_000;
const well: Subscriber = {
  id: '100001',
  uri: 'http://webhook.com',
  events: 'all',
  createdAt: NOW - 30 * DAY_MS,
  updatedAt: NOW - 30 * DAY_MS,
  failingSince: null,
  off: null,
};
const delivered: AttemptNote = { at: NOW, durationMs: 20, status: 200, outcome: 'delivered', code: '' };
const failed: AttemptNote = { at: NOW, durationMs: 20, status: 500, outcome: 'retry', code: 'HTTP_500' };
const gone: AttemptNote = { at: NOW, durationMs: 20, status: 410, outcome: 'dead', code: 'HTTP_410' };
const failing = (ms: number): Subscriber => ({ ...well, failingSince: NOW - ms });
const off: Subscriber = { ...failing(6 * DAY_MS), off: { at: NOW - 1, code: 'HTTP_410', message: '' } };

describe('what a try tells about a subscriber', () => {
  it.each<[string, Subscriber, AttemptNote, Partial<Subscriber>]>([
    ['a first failure begins to count', well, failed, { failingSince: NOW, off: null }],
    ['no answer counts as a failure', well, { ...failed, status: 0, code: 'TIMEOUT' }, { failingSince: NOW }],
    ['a request that is refused for good counts as a failure', well, { ...gone, status: 422 }, { failingSince: NOW }],
    ['a success ends the count', failing(4 * DAY_MS), delivered, { failingSince: null }],
    [
      '410 switches off at once',
      failing(10),
      gone,
      { off: { at: NOW, code: 'HTTP_410', message: 'it answered 410: it wants nothing more' } },
    ],
    [
      'five days of failing switch off',
      failing(5 * DAY_MS),
      failed,
      { off: { at: NOW, code: 'FAILED_TOO_LONG', message: 'it has failed for 5d; the last: HTTP_500' } },
    ],
  ])('%s', (_, subscriber, note, expected) => {
    expect(noteAttempt(subscriber, note, 5 * DAY_MS)).toEqual({ ...subscriber, ...expected });
  });

  it.each<[string, Subscriber, AttemptNote]>([
    ['a success of one that is well', well, delivered],
    ['a further failure before five days are over', failing(5 * DAY_MS - 1), failed],
    ['a try that the relay cut short itself', well, { ...failed, status: 0, code: 'STOPPED' }],
    ['a try that began before an update', { ...well, updatedAt: NOW - 10 }, gone],
    ['a success of one that is off', off, delivered],
    ['a failure of one that is off', off, failed],
  ])('%s changes nothing', (_, subscriber, note) => {
    expect(noteAttempt(subscriber, note, 5 * DAY_MS)).toBe(subscriber);
  });
});
