/** Gathers what came of deliveries and writes it together: all of one turn of the event loop in one call, which rides in one commit. */
import type { Clock } from '../kit/clock.ts';
import { Register } from '../kit/register.ts';
import type { Lease, Settlement } from '../model/delivery.ts';
import type { QueuePort } from './ports.ts';

export interface Settler {
  /** Calls back once it is written, or once it is known that the lease was lost. */
  settle(settlement: Settlement, done: (result: 'settled' | 'lost') => void): void;
  /** True where the delivery waits to be written; it is then written under this newer lease. */
  adopt(deliveryId: string, lease: Lease): boolean;
  /** True where so much waits to be written that no more should be sent. */
  isFull(): boolean;
  /** Resolves once nothing waits, or `deadlineMs` from now. */
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
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

export function createSettler({ settle, clock, onFailure }: SettlerPorts): Settler {
  const waiting = new Register<Waiting>();
  const writing = new Register<Waiting>();
  let scheduled = false;
  let failures = 0;
  const drained: (() => void)[] = [];

  function schedule(): void {
    if (scheduled || waiting.size === 0) return;
    scheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    scheduled = false;
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, LARGEST_BATCH);
      for (const item of batch) {
        waiting.delete(item.settlement.deliveryId);
        writing.set(item.settlement.deliveryId, item);
      }
      void write(batch);
    }
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const sent = batch.map(({ settlement }) => settlement);
    try {
      const results = await settle(sent);
      failures = 0;
      batch.forEach((item, index) => {
        writing.delete(item.settlement.deliveryId);
        const leasedAnew = item.settlement !== sent[index];
        if (results[index] === 'settled' || !leasedAnew) item.done(results[index] ?? 'lost');
        if (leasedAnew) waiting.set(item.settlement.deliveryId, results[index] === 'settled' ? handBack(item) : item);
      });
      schedule();
    } catch (error) {
      for (const item of batch) {
        writing.delete(item.settlement.deliveryId);
        waiting.set(item.settlement.deliveryId, item);
      }
      failures++;
      onFailure(error);
      retryLater();
    }
    if (waiting.size + writing.size === 0) for (const resolve of drained.splice(0)) resolve();
  }

  function retryLater(): void {
    if (scheduled) return;
    scheduled = true;
    clock.after(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS), flush);
  }

  return {
    settle(settlement, done) {
      waiting.set(settlement.deliveryId, { settlement, done });
      schedule();
    },
    adopt(deliveryId, lease) {
      const item = waiting.get(deliveryId) ?? writing.get(deliveryId);
      if (!item) return false;
      item.settlement = { ...item.settlement, lease };
      return true;
    },
    isFull: () => waiting.size + writing.size > MOST_WAITING,
    drain(deadlineMs) {
      if (waiting.size + writing.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = clock.after(deadlineMs, resolve);
        drained.push(() => {
          timer.cancel();
          resolve();
        });
      });
    },
  };
}

/** A newer lease on what was written under the older one: there is nothing to do with it. */
function handBack({ settlement }: Waiting): Waiting {
  const released: Settlement = { ...settlement, result: { kind: 'released' }, attempts: [], requests: null };
  return { settlement: released, done: () => undefined };
}
