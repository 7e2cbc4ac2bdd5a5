/** A subscriber as a target of its own: where the delivery stage takes over. */
import type { Target } from '../model/target.ts';
import { type Subscriber, targetNameOf } from './subscriber.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What the configuration gives a target that says no more than its URL. */
const USUAL: Pick<Target, 'timeoutMs' | 'connectTimeoutMs' | 'concurrency' | 'rate' | 'retry' | 'breaker'> = {
  timeoutMs: 15_000,
  connectTimeoutMs: 5000,
  concurrency: 8,
  rate: null,
  retry: {
    quick: 3,
    schedule: [
      5000,
      30_000,
      ...[2, 10, 30].map((minutes) => minutes * MINUTE_MS),
      ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
    ],
    retryOn: [],
    deadOn: [],
  },
  breaker: { failures: 5, pauseMs: 5000, longestMs: 10 * MINUTE_MS },
};

export interface TargetSettings {
  readonly format: string;
  /** CIDRs. */
  readonly allowPrivate: readonly string[];
}

export function subscriberTarget({ id, uri, off }: Subscriber, { format, allowPrivate }: TargetSettings): Target {
  return {
    ...USUAL,
    name: targetNameOf(id),
    format,
    url: uri,
    headers: {},
    orderBy: null,
    sign: [],
    options: {},
    enabled: off === null,
    trust: 'subscriber',
    allowPrivate,
  };
}
