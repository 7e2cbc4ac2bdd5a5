/** One HTTP try: posts what was built and brings back the answer or why there was none. Decides nothing. */
import type { Clock } from '../kit/clock.ts';
import { createSweep, type Sweep } from '../kit/sweep.ts';
import type { AttemptResponse } from '../model/delivery.ts';
import type { Reason } from '../model/outcome.ts';
import type { Target } from '../model/target.ts';
import type { Abortable, AnswerListener } from './connections.ts';
import type { Lookup } from './dns.ts';
import { reasonFor, reasonOf } from './failure.ts';
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
  const pools = createPools({ clock, lookup });
  const sweep = createSweep<Exchange>({
    clock,
    coarseMs: LATE_MS,
    expire: (exchange) => exchange.fail(reasonFor('TIMEOUT')),
  });
  return {
    attempt(target, outgoing) {
      return new Promise((resolve) => {
        const exchange = new Exchange(resolve, sweep, target.timeoutMs);
        try {
          pools.connectionsOf(target).dispatch(outgoing, exchange);
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

/** A request under way. Settles once: what is said afterwards, about a connection that was cut on purpose, is ignored. */
class Exchange implements AnswerListener {
  readonly #resolve: (answer: Answer) => void;
  readonly #sweep: Sweep<Exchange>;
  readonly #place: number;
  #request: Abortable | undefined;
  #settled = false;
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #chunks: Uint8Array[] = [];
  #kept = 0;

  constructor(resolve: (answer: Answer) => void, sweep: Sweep<Exchange>, timeoutMs: number) {
    this.#resolve = resolve;
    this.#sweep = sweep;
    this.#place = sweep.watch(this, timeoutMs);
  }

  begun(request: Abortable): void {
    this.#request = request;
    if (this.#settled) request.abort();
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    this.#headers = headers;
  }

  data(chunk: Uint8Array): void {
    if (this.#settled) return;
    const room = MOST_KEPT - this.#kept;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#kept += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.#answer(true);
    this.#request?.abort();
  }

  end(): void {
    this.#answer(false);
  }

  failed(error: unknown): void {
    this.fail(reasonOf(error));
  }

  fail(error: Reason): void {
    if (this.#settle({ response: null, error })) this.#request?.abort();
  }

  #answer(truncated: boolean): void {
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
}
