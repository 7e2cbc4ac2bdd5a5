/** Gathers what came of deliveries for a moment and writes it together: a commit for many costs little more than one for each. */
import type { Clock, Timer } from '../kit/clock.ts';
import type { LeasedDelivery, Settlement } from '../model/delivery.ts';
import type { QueuePort } from './ports.ts';

export interface Settler {
  /**
   * Calls back once it is written, or once it is known that the lease was lost. `now` is for what something waits for: it is written
   * on the next turn of the event loop, with all that has gathered; the rest within `GATHER_MS`.
   */
  settle(settlement: Settlement, when: 'now' | 'soon', done: (result: 'settled' | 'lost') => void): void;
  /** Returns those that do not wait to be written; the others are then written under these newer leases. */
  adopt(leased: readonly LeasedDelivery[]): readonly LeasedDelivery[];
  /** True where so much waits to be written that no more should be sent. */
  isFull(): boolean;
  /** Writes at once what waits. Resolves once nothing does, or `deadlineMs` from now; what fails afterwards is not tried again. */
  drain(deadlineMs: number): Promise<void>;
}

interface Waiting {
  /** Replaced where the delivery was leased anew meanwhile. */
  settlement: Settlement;
  readonly done: (result: 'settled' | 'lost') => void;
}

export interface SettlerPorts {
  readonly settle: QueuePort['settle'];
  readonly clock: Clock;
  /** The store cannot be reached; called at every failure. */
  readonly onFailure: (error: unknown) => void;
}

const MOST_WAITING = 5000;
const LARGEST_BATCH = 500;
/** A process that dies in this time sends once more what a target has just taken. */
const GATHER_MS = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

export function createSettler({ settle, clock, onFailure }: SettlerPorts): Settler {
  let waiting: Waiting[] = [];
  /** Batches that the store has not answered yet; see `Chain` for why not a set. */
  const writing: (readonly Waiting[])[] = [];
  let size = 0;
  /** How the next write has been arranged: `later` where the store is away. */
  let scheduled: 'no' | 'soon' | 'now' | 'later' = 'no';
  let timer: Timer | undefined;
  let failures = 0;
  let isDrained = false;
  const drained: (() => void)[] = [];

  function schedule(when: 'now' | 'soon'): void {
    if (scheduled === 'later' || scheduled === 'now' || scheduled === when) return;
    timer?.cancel();
    scheduled = when;
    if (when === 'now') setImmediate(flush);
    else timer = clock.after(GATHER_MS, flush);
  }

  function flush(): void {
    scheduled = 'no';
    const gathered = waiting;
    waiting = [];
    for (let from = 0; from < gathered.length; from += LARGEST_BATCH)
      void write(gathered.length <= LARGEST_BATCH ? gathered : gathered.slice(from, from + LARGEST_BATCH));
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const sent = batch.map(({ settlement }) => settlement);
    let results: readonly ('settled' | 'lost')[] | undefined;
    writing.push(batch);
    try {
      results = await settle(sent);
    } catch (error) {
      onFailure(error);
    }
    writing.splice(writing.indexOf(batch), 1);
    if (results) finish(batch, sent, results);
    else again(batch);
    if (size === 0) for (const resolve of drained.splice(0)) resolve();
  }

  function finish(
    batch: readonly Waiting[],
    sent: readonly Settlement[],
    results: readonly ('settled' | 'lost')[],
  ): void {
    failures = 0;
    size -= batch.length;
    batch.forEach((item, index) => {
      const leasedAnew = item.settlement !== sent[index];
      if (results[index] === 'settled' || !leasedAnew) item.done(results[index] ?? 'lost');
      if (leasedAnew) put(results[index] === 'settled' ? handBack(item) : item, 'now');
    });
  }

  function again(batch: readonly Waiting[]): void {
    waiting.push(...batch);
    failures++;
    retryLater();
  }

  function put(item: Waiting, when: 'now' | 'soon'): void {
    waiting.push(item);
    size++;
    schedule(waiting.length < LARGEST_BATCH ? when : 'now');
  }

  function retryLater(): void {
    if (scheduled === 'later' || scheduled === 'now' || isDrained) return;
    timer?.cancel();
    scheduled = 'later';
    timer = clock.after(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS), flush);
  }

  /** Waits no longer for a store that is away. */
  function endPause(): void {
    if (scheduled !== 'later') return;
    timer?.cancel();
    scheduled = 'no';
  }

  return {
    settle(settlement, when, done) {
      put({ settlement, done }, when);
    },
    adopt(leased) {
      if (size === 0) return leased;
      const here = new Map<string, Waiting>();
      for (const batch of [waiting, ...writing]) for (const item of batch) here.set(item.settlement.deliveryId, item);
      return leased.filter(({ delivery, lease }) => {
        const item = here.get(delivery.id);
        if (item) item.settlement = { ...item.settlement, lease };
        return !item;
      });
    },
    isFull: () => size > MOST_WAITING,
    drain(deadlineMs) {
      endPause();
      if (size > 0) schedule('now');
      return new Promise((resolve) => {
        const end = (): void => {
          deadline.cancel();
          isDrained = true;
          endPause();
          resolve();
        };
        const deadline = clock.after(deadlineMs, end);
        if (size === 0) end();
        else drained.push(end);
      });
    },
  };
}

/** A newer lease on what was written under the older one: there is nothing to do with it. */
function handBack({ settlement }: Waiting): Waiting {
  const released: Settlement = { ...settlement, result: { kind: 'released' }, attempts: [], requests: null };
  return { settlement: released, done: () => undefined };
}
