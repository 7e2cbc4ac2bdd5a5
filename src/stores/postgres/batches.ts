/** Group commit: what arrives while a commit is under way is gathered for the next one. */
import type { Clock, Timer } from '../../kit/clock.ts';
import { StoreUnavailable } from '../store.ts';

export interface Batches<I, O> {
  /** Resolves with the items' own answers, in their order, once their batch is committed. */
  add(items: readonly I[]): Promise<readonly O[]>;
  /** Waits no longer for more. */
  go(): void;
  /** True while a batch is under way, or is about to be. */
  isBusy(): boolean;
  /** Resolves once everything added is answered; what is added afterwards is refused. */
  close(): Promise<void>;
}

export interface BatchOptions<I, O> {
  /**
   * Answers in the order of the items. Where it rejects because the database is away, what waits behind is rejected as well: each of those would
   * only wait as long again.
   */
  run(items: readonly I[]): Promise<readonly O[]>;
  /** A batch takes no more once it has so many. */
  readonly most: number;
  /** Where `mayWait` says so of the items that are added, more are waited for until `go` is called, at most so long. */
  readonly gather?: { readonly ms: number; readonly clock: Clock; mayWait(items: readonly I[]): boolean };
  /** Called when nothing is left to do. */
  onIdle?(): void;
}

interface Waiting<I, O> {
  readonly items: readonly I[];
  resolve(answers: readonly O[]): void;
  reject(error: unknown): void;
}

export function createBatches<I, O>({ run, most, gather, onIdle }: BatchOptions<I, O>): Batches<I, O> {
  let waiting: Waiting<I, O>[] = [];
  let isRunning = false;
  let isWanted = false;
  let isClosed = false;
  let timer: Timer | undefined;
  const emptied: (() => void)[] = [];

  function go(): void {
    timer?.cancel();
    timer = undefined;
    if (waiting.length === 0) return;
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    setImmediate(() => void runAll());
  }

  async function runAll(): Promise<void> {
    while (isWanted) {
      const batch = take();
      try {
        answer(batch, await run(batch.flatMap(({ items }) => items)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
        if (error instanceof StoreUnavailable) for (const { reject } of waiting.splice(0)) reject(error);
      }
      if (waiting.length === 0) isWanted = false;
    }
    isRunning = false;
    if (waiting.length > 0) return;
    for (const resolve of emptied.splice(0)) resolve();
    onIdle?.();
  }

  function take(): readonly Waiting<I, O>[] {
    let size = 0;
    let count = 0;
    while (count < waiting.length && size < most) size += waiting[count++]?.items.length ?? 0;
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    isWanted = waiting.length > 0;
    return batch;
  }

  function answer(batch: readonly Waiting<I, O>[], answers: readonly O[]): void {
    let at = 0;
    for (const { items, resolve } of batch) {
      resolve(answers.slice(at, at + items.length));
      at += items.length;
    }
  }

  return {
    add(items) {
      if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
      if (items.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject });
        if (!gather?.mayWait(items)) go();
        else timer ??= gather.clock.after(gather.ms, go);
      });
    },
    go,
    isBusy: () => isRunning,
    close() {
      isClosed = true;
      go();
      return isRunning ? new Promise((resolve) => emptied.push(resolve)) : Promise.resolve();
    },
  };
}
