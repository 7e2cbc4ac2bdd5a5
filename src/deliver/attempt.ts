/** One HTTP try: posts what was built and brings back the answer or why there was none. Decides nothing. */
import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { createSweep, type Sweep } from '../kit/sweep.ts';
import type { AttemptResponse } from '../model/delivery.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Lookup } from './dns.ts';
import { AttemptAborted, reasonFor, reasonOf } from './failure.ts';
import type { Outgoing } from './outgoing.ts';
import { createPools } from './pools.ts';

/** What came of a try. */
export type Answer =
  | { readonly response: AttemptResponse; readonly error: null }
  | { readonly response: null; readonly error: Reason };

export interface Attempter {
  /** Never rejects. Ends within the target's timeout, the body of the answer included. */
  attempt(target: Target, outgoing: Outgoing): Promise<Answer>;
  /** Lets go of connections to targets that are gone. */
  keepOnly(names: ReadonlySet<string>): void;
  /** Ends what is under way with `STOPPED` and cuts every connection. */
  destroy(): Promise<void>;
}

/** This much of an answer is kept; the rest is not read. */
const MOST_KEPT = 16 * 1024;

/** How far past its time a request may end. */
const LATE_MS = 100;

export function createAttempter({ clock, lookup }: { readonly clock: Clock; readonly lookup: Lookup }): Attempter {
  const pools = createPools(lookup);
  const sweep = createSweep<Exchange>({
    clock,
    coarseMs: LATE_MS,
    expire: (exchange) => exchange.fail(reasonFor('TIMEOUT')),
  });
  return {
    attempt(target, outgoing) {
      return new Promise((resolve) => {
        const exchange = new Exchange(resolve, sweep, target.timeoutMs);
        const { path, body } = outgoing;
        const method = outgoing.method as Dispatcher.HttpMethod;
        try {
          const headers = outgoing.headers as Record<string, string>;
          pools.poolOf(target).dispatch({ path, method, headers, body }, exchange);
        } catch (error) {
          exchange.fail(reasonOf(error));
        }
      });
    },
    keepOnly: pools.keepOnly,
    async destroy() {
      for (const exchange of sweep.items()) exchange.fail({ code: 'STOPPED', message: 'the relay stopped meanwhile' });
      await pools.destroy();
    },
  };
}

/** A request under way. Settles once: what undici says afterwards, about a connection that was cut on purpose, is ignored. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #sweep: Sweep<Exchange>;
  readonly #place: number;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #chunks: Buffer[] = [];
  #kept = 0;

  constructor(resolve: (answer: Answer) => void, sweep: Sweep<Exchange>, timeoutMs: number) {
    this.#resolve = resolve;
    this.#sweep = sweep;
    this.#place = sweep.watch(this, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) this.#cut();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = flat(headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    const room = MOST_KEPT - this.#kept;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#kept += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.#answer(true);
    this.#cut();
  }

  onResponseEnd(): void {
    this.#answer(false);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(reasonOf(error));
  }

  fail(error: Reason): void {
    if (!this.#settle({ response: null, error })) return;
    this.#cut();
  }

  #answer(truncated: boolean): void {
    // A copy: a chunk is a view into the parser's whole buffer.
    const body = Buffer.concat(this.#chunks);
    this.#settle({ response: { status: this.#status, headers: this.#headers, body, truncated }, error: null });
  }

  #settle(answer: Answer): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#sweep.done(this, this.#place);
    this.#chunks = [];
    this.#resolve(answer);
    return true;
  }

  #cut(): void {
    if (this.#controller && !this.#controller.aborted) this.#controller.abort(new AttemptAborted('STOPPED', 'enough'));
  }
}

function flat(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const flattened: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    flattened[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return flattened;
}
