/** Group commit: what arrives while a commit is under way is gathered for the next one. */
import { StoreUnavailable } from '../store.ts';

export interface Batches<I, O> {
  /** Resolves with the item's own answer once its batch is committed. */
  add(item: I): Promise<O>;
  /** Resolves once everything added is answered; what is added afterwards is refused. */
  close(): Promise<void>;
}

interface Waiting<I, O> {
  readonly item: I;
  resolve(answer: O): void;
  reject(error: unknown): void;
}

/**
 * `run` answers in the order of the items, an Error for an item that cannot be done. Where it rejects because the database is away, what
 * waits behind is rejected as well: each of those would only wait as long again.
 */
export function createBatches<I, O>(
  run: (items: readonly I[]) => Promise<readonly (O | Error)[]>,
  most: number,
): Batches<I, O> {
  let waiting: Waiting<I, O>[] = [];
  let isRunning = false;
  let isClosed = false;
  const emptied: (() => void)[] = [];

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      try {
        const answers = await run(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer instanceof Error) reject(answer);
          else resolve(answer as O);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
        if (error instanceof StoreUnavailable) for (const { reject } of waiting.splice(0)) reject(error);
      }
    }
    isRunning = false;
    for (const resolve of emptied.splice(0)) resolve();
  }

  return {
    add(item) {
      if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isRunning) return;
        isRunning = true;
        setImmediate(() => void runAll());
      });
    },
    close() {
      isClosed = true;
      return isRunning ? new Promise((resolve) => emptied.push(resolve)) : Promise.resolve();
    },
  };
}
