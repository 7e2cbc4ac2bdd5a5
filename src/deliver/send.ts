/** Takes one leased delivery through its requests: build, try, judge, try again within seconds; ends with what is to be written. */
import type { Clock } from '../kit/clock.ts';
import { crashPoint } from '../kit/crash-point.ts';
import type { Attempt, LeasedDelivery, Settlement } from '../model/delivery.ts';
import type { EventScope, WrittenRequest } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Answer, Attempter } from './attempt.ts';
import { judge, type Verdict } from './judge.ts';
import { buildOutgoing, hopsOf } from './outgoing.ts';
import type { DeliverReport, DispatcherPorts, Prepared } from './ports.ts';
import { tryQuickly } from './quick-tries.ts';
import type { Held } from './shelf.ts';

export interface SendPorts extends Pick<DispatcherPorts, 'traced'> {
  readonly attempter: Attempter;
  prepare(leased: LeasedDelivery, scope: EventScope | undefined): Prepared;
  readonly clock: Clock;
  random(): number;
  readonly report: DeliverReport;
  readonly version: string;
  readonly maxHops: number;
  readonly quickWaitMs: number;
}

/** What a line does for the deliveries that it sends. */
export interface SendingLine {
  /** Waits until the target's rate allows one more request; false where the delivery may not go on by then. Not asked before the first. */
  permit(job: Held): Promise<boolean>;
  wait(ms: number): Promise<void>;
  /** False once the target is unhealthy, the relay stops or is in doubt about its leases, or this one is too short for another try. */
  mayGoOn(job: Held): boolean;
  /** Writes down what was tried under the lease, which goes on; false where the lease is lost. */
  writeDown(job: Held, sofar: Sent): Promise<boolean>;
  /** Told about every try. */
  judged(verdict: Verdict, tried: { readonly url: string; readonly isProbe: boolean }): void;
}

export type Sent = Omit<Settlement, 'deliveryId' | 'lease'>;

/** Never rejects: a fault of our own is reported and tried again on the schedule. */
export type Send = (job: Held, target: Target, isProbe: boolean) => Promise<Sent>;

/** Where a delivery stands while it is in hand. */
interface Run {
  readonly ports: SendPorts;
  readonly line: SendingLine;
  readonly job: Held;
  readonly target: Target;
  readonly isProbe: boolean;
  requests: readonly WrittenRequest[];
  /** What was translated under this lease and is not yet written; null where nothing was. */
  translated: readonly WrittenRequest[] | null;
  /** Tries that are not yet written. */
  attempts: readonly Attempt[];
  /** The number of the last try. */
  number: number;
  progress: number;
  round: number;
  isLeaseLost: boolean;
}

const NO_REQUESTS: readonly WrittenRequest[] = [];
const NO_ATTEMPTS: readonly Attempt[] = [];

export function createSend(ports: SendPorts, line: SendingLine): Send {
  return async (job, target, isProbe) => {
    const run = begin({ ports, line, job, target, isProbe });
    try {
      const unsent = prepare(run);
      if (unsent) return soFar(run, unsent);
      const first = run.progress;
      for (; run.progress < run.requests.length; run.progress++, run.round = 0) {
        if (run.progress > first && !(await mayTryAgain(run))) return soFar(run, { kind: 'released' });
        const verdict = await tryOnce(run);
        const { outcome } = verdict.quick ? await tryAgain(run, verdict) : verdict;
        if (run.isLeaseLost || run.attempts.at(-1)?.error?.code === 'STOPPED') return soFar(run, { kind: 'released' });
        if (outcome.kind === 'retry') run.round += 1;
        if (outcome.kind !== 'delivered') return soFar(run, outcome);
      }
      return soFar(run, { kind: 'delivered' });
    } catch (error) {
      ports.report.defect('deliver', error);
      const reason = { code: 'INTERNAL_ERROR', message: 'the relay failed on this delivery; its log says how' };
      const { outcome } = verdictOn(run, { response: null, error: reason });
      run.round += 1;
      return soFar(run, outcome);
    }
  };
}

function begin({ ports, line, job, target, isProbe }: Pick<Run, 'ports' | 'line' | 'job' | 'target' | 'isProbe'>): Run {
  const { attempts: number, progress, round, requests } = job.leased.delivery;
  return {
    ports,
    line,
    job,
    target,
    isProbe,
    requests: requests ?? NO_REQUESTS,
    translated: null,
    attempts: NO_ATTEMPTS,
    number,
    progress,
    round,
    isLeaseLost: false,
  };
}

function soFar({ attempts, progress, round, translated }: Run, result: Sent['result']): Sent {
  return { result, attempts, progress, round, requests: translated };
}

/** Translates what has not been translated; what becomes of the delivery where that leaves nothing to send. */
function prepare(run: Run): Exclude<Prepared, { kind: 'requests' }> | undefined {
  const { ports, job } = run;
  if (job.leased.delivery.requests) return undefined;
  const prepared = ports.prepare(job.leased, job.scope);
  if (prepared.kind !== 'requests') return prepared;
  if (prepared.requests.length === 0) {
    const reason = { code: 'NOTHING_EMITTED', message: 'the mapping emits nothing for this event' };
    return { kind: 'dropped', reason };
  }
  run.requests = prepared.requests;
  run.translated = prepared.requests;
  return undefined;
}

/** The same request once more within seconds, as often as its target allows. */
function tryAgain(run: Run, first: Verdict): Promise<Verdict> {
  const { ports, line, job, target } = run;
  return tryQuickly({
    first,
    tries: target.retry.quick,
    waitMs: ports.quickWaitMs,
    wait: line.wait,
    mayGoOn: () => line.mayGoOn(job),
    again: async () => ((await mayTryAgain(run)) ? tryOnce(run) : { ...first, quick: false }),
  });
}

/** Waits long: what was true of the lease before it need not be true after it. */
async function mayTryAgain(run: Run): Promise<boolean> {
  const { line, job } = run;
  return line.mayGoOn(job) && (await isWritten(run)) && (await line.permit(job));
}

/**
 * Writes down what was tried before the next try of this lease: should the process die, at most one try is unwritten, and the next one
 * still gets a number that no try had. False where the lease is lost.
 */
async function isWritten(run: Run): Promise<boolean> {
  run.isLeaseLost = !(await run.line.writeDown(run.job, soFar(run, { kind: 'continued' })));
  if (run.isLeaseLost) return false;
  run.attempts = NO_ATTEMPTS;
  run.translated = null;
  return true;
}

async function tryOnce(run: Run): Promise<Verdict> {
  const { ports, line, job, target, requests, progress: index } = run;
  const { delivery, event } = job.leased;
  const number = run.number + 1;
  const startedAt = ports.clock.now();
  const { headers } = event.request;
  const trace = ports.traced?.({ event: event.id, headers, delivery: delivery.id, attempt: number });
  const built = buildOutgoing({
    target,
    request: requests[index] as WrittenRequest,
    delivery,
    index,
    attempt: number,
    hops: hopsOf(headers),
    now: startedAt,
    version: ports.version,
    maxHops: ports.maxHops,
    ...(trace && { trace: trace.headers }),
  });
  if (built.kind === 'unsendable') return deadAtOnce(built.reason);
  run.number = number;
  const startedMono = ports.clock.monotonic();
  const answer = await ports.attempter.attempt(target, built.outgoing);
  crashPoint('after-2xx', answer.response !== null && answer.response.status < 300);
  const durationMs = Math.round(ports.clock.monotonic() - startedMono);
  const { shownUrl: url, method, shownHeaders } = built.outgoing;
  const { response, error } = answer;
  const attempt = {
    number,
    request: index,
    startedAt,
    durationMs,
    url,
    method,
    headers: shownHeaders,
    response,
    error,
  };
  run.attempts = run.attempts === NO_ATTEMPTS ? [attempt] : [...run.attempts, attempt];
  const verdict = verdictOn(run, answer);
  if (error?.code !== 'STOPPED') line.judged(verdict, { url: target.url, isProbe: run.isProbe });
  const { outcome } = verdict;
  const reason = outcome.kind === 'delivered' ? NO_REASON : outcome.reason;
  ports.report.deliveryAttempted({
    delivery: delivery.id,
    rule: delivery.rule,
    target: target.name,
    attempt: number,
    status: response?.status ?? 0,
    outcome: outcome.kind,
    code: reason.code,
    message: reason.message,
    durationMs,
    ...(trace && { traceparent: trace.traceparent }),
  });
  return verdict;
}

/** Of what was delivered. */
export const NO_REASON: Reason = { code: '', message: '' };

function verdictOn({ ports, job, target, round }: Run, { response, error }: Answer): Verdict {
  return judge({
    result: response
      ? { kind: 'answered', status: response.status, retryAfter: response.headers['retry-after'] }
      : { kind: 'failed', reason: error },
    policy: target.retry,
    round,
    now: ports.clock.now(),
    createdAt: job.leased.delivery.createdAt,
    random: ports.random(),
  });
}

function deadAtOnce(reason: Reason): Verdict {
  const outcome = { kind: 'dead', reason } as const;
  return { outcome, quick: false, pauseTargetUntil: null, stopTarget: null, countsAsFailure: false };
}
