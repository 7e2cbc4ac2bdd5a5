/** The main thread's end of the way to the reader, whose thread starts with the first question. */
import type { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../store.ts';
import { startThread } from './channel.ts';
import type { LedgerReads } from './ledger.ts';

export interface Question {
  readonly ask: keyof LedgerReads;
  readonly about: unknown;
}

export interface Answered {
  readonly answer?: unknown;
  readonly failed?: string;
}

export interface Reader {
  ask<K extends keyof LedgerReads>(ask: K, about: Parameters<LedgerReads[K]>[0]): Promise<ReturnType<LedgerReads[K]>>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

export function createReader(file: string): Reader {
  let worker: Worker | undefined;
  let isClosed = false;
  const waiting: Waiting[] = [];

  const failAll = (message: string): void => {
    worker = undefined;
    for (const one of waiting.splice(0)) one.reject(new StoreUnavailable(message));
  };

  const start = (): Worker => {
    const started = startThread('reader-thread', { file });
    started.on('message', ({ answer, failed }: Answered) => {
      const first = waiting.shift();
      if (failed === undefined) first?.resolve(answer as never);
      else first?.reject(new StoreUnavailable(`the store cannot be read: ${failed}`));
    });
    started.on('error', (error: Error) => failAll(`the store's reader has ended: ${error.message}`));
    started.on('exit', () => failAll('the store is closed'));
    return started;
  };

  return {
    ask(ask, about) {
      if (isClosed) return Promise.reject(new StoreUnavailable('the store is closed'));
      worker ??= start();
      const question: Question = { ask, about };
      worker.postMessage(question);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    async close() {
      isClosed = true;
      await worker?.terminate();
    },
  };
}
