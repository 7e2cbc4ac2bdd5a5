/** Takes one leased delivery through its requests: build, try, judge, try again within seconds; ends with what is to be written. */
import type { Clock } from '../kit/clock.ts';
import type { Attempt, LeasedDelivery, Settlement } from '../model/delivery.ts';
import type { EventScope, WrittenRequest } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Answer, Attempter } from './attempt.ts';
import { judge, type Verdict } from './judge.ts';
import { buildOutgoing, hopsOf, type Outgoing } from './outgoing.ts';
import type { DeliverReport, Prepared } from './ports.ts';
import { tryQuickly } from './quick-tries.ts';

export interface SendPorts {
  readonly attempter: Attempter;
  prepare(leased: LeasedDelivery, scope: EventScope | undefined): Prepared | Promise<Prepared>;
  readonly clock: Clock;
  random(): number;
  readonly report: DeliverReport;
  readonly version: string;
  readonly quickWaitMs: number;
}

export interface Job {
  readonly leased: LeasedDelivery;
  readonly scope: EventScope | undefined;
  readonly target: Target;
  /** Waits until the target's rate allows one more request. Not asked before the first. */
  permit(): Promise<void>;
  wait(ms: number): Promise<void>;
  /** False once the target is unhealthy, the relay stops, or the lease is too short for another try. */
  mayGoOn(): boolean;
  /** Told about every try. */
  judged(verdict: Verdict): void;
}

export type Sent = Omit<Settlement, 'deliveryId' | 'lease'>;

/** Never rejects: a fault of our own is reported and tried again on the schedule. */
export async function send(ports: SendPorts, job: Job): Promise<Sent> {
  const { delivery } = job.leased;
  const attempts: Attempt[] = [];
  const untouched = { attempts, progress: delivery.progress, round: delivery.round, requests: null };
  try {
    if (delivery.requests) return await sendAll({ ports, job, attempts, requests: delivery.requests });
    const prepared = await ports.prepare(job.leased, job.scope);
    if (prepared.kind !== 'requests') return { ...untouched, result: prepared };
    if (prepared.requests.length === 0) {
      const reason = { code: 'NOTHING_EMITTED', message: 'the mapping emits nothing for this event' };
      return { ...untouched, result: { kind: 'dropped', reason } };
    }
    const sent = await sendAll({ ports, job, attempts, requests: prepared.requests });
    return { ...sent, requests: prepared.requests };
  } catch (error) {
    ports.report.defect('deliver', error);
    const reason = { code: 'INTERNAL_ERROR', message: 'the relay failed on this delivery; its log says how' };
    const { outcome } = verdictOn(ports, job, { response: null, error: reason }, delivery.round);
    return { ...untouched, result: outcome, round: delivery.round + 1 };
  }
}

interface Run {
  readonly ports: SendPorts;
  readonly job: Job;
  readonly attempts: Attempt[];
  readonly requests: readonly WrittenRequest[];
}

async function sendAll(run: Run): Promise<Sent> {
  const { ports, job, attempts, requests } = run;
  let { progress, round } = job.leased.delivery;
  for (; progress < requests.length; progress++, round = 0) {
    if (attempts.length > 0) {
      if (!job.mayGoOn()) return { result: { kind: 'released' }, attempts, progress, round, requests: null };
      await job.permit();
    }
    let verdict = await tryOnce(run, progress, round);
    if (verdict.quick) {
      verdict = await tryQuickly({
        first: verdict,
        tries: job.target.retry.quick,
        waitMs: ports.quickWaitMs,
        wait: job.wait,
        mayGoOn: job.mayGoOn,
        again: async () => {
          await job.permit();
          return tryOnce(run, progress, round);
        },
      });
    }
    const { outcome } = verdict;
    if (attempts.at(-1)?.error?.code === 'STOPPED') {
      return { result: { kind: 'released' }, attempts, progress, round, requests: null };
    }
    if (outcome.kind !== 'delivered') {
      return {
        result: outcome,
        attempts,
        progress,
        round: outcome.kind === 'retry' ? round + 1 : round,
        requests: null,
      };
    }
  }
  return { result: { kind: 'delivered' }, attempts, progress, round, requests: null };
}

async function tryOnce(run: Run, index: number, round: number): Promise<Verdict> {
  const { ports, job, attempts, requests } = run;
  const { delivery, event } = job.leased;
  const number = delivery.attempts + attempts.length + 1;
  const startedAt = ports.clock.now();
  const built = buildOutgoing({
    target: job.target,
    request: requests[index] as WrittenRequest,
    delivery,
    index,
    attempt: number,
    hops: hopsOf(event.request.headers),
    now: startedAt,
    version: ports.version,
  });
  if (built.kind === 'unsendable') return deadAtOnce(built.reason);
  const startedMono = ports.clock.monotonic();
  const answer = await ports.attempter.attempt(job.target, built.outgoing);
  const durationMs = Math.round(ports.clock.monotonic() - startedMono);
  attempts.push({ ...record(built.outgoing, answer), number, request: index, startedAt, durationMs });
  const verdict = verdictOn(ports, job, answer, round);
  if (answer.error?.code !== 'STOPPED') job.judged(verdict);
  const { outcome } = verdict;
  const reason = outcome.kind === 'delivered' ? { code: '', message: '' } : outcome.reason;
  ports.report.deliveryAttempted({
    delivery: delivery.id,
    rule: delivery.rule,
    target: job.target.name,
    attempt: number,
    status: answer.response?.status ?? 0,
    outcome: outcome.kind,
    code: reason.code,
    message: reason.message,
    durationMs,
  });
  return verdict;
}

function verdictOn(ports: SendPorts, job: Job, { response, error }: Answer, round: number): Verdict {
  return judge({
    result: response
      ? { kind: 'answered', status: response.status, retryAfter: response.headers['retry-after'] }
      : { kind: 'failed', reason: error ?? { code: 'NETWORK_ERROR', message: '' } },
    policy: job.target.retry,
    round,
    now: ports.clock.now(),
    createdAt: job.leased.delivery.createdAt,
    random: ports.random(),
  });
}

function record(
  outgoing: Outgoing,
  answer: Answer,
): Pick<Attempt, 'url' | 'method' | 'headers' | 'response' | 'error'> {
  return { url: outgoing.shownUrl, method: outgoing.method, headers: outgoing.shownHeaders, ...answer };
}

function deadAtOnce(reason: Reason): Verdict {
  const outcome = { kind: 'dead', reason } as const;
  return { outcome, quick: false, pauseTargetUntil: null, stopTarget: null, countsAsFailure: false };
}
