/** The main thread's end of the way to the writer: sends what has gathered once a turn of the event loop, and matches answers with promises. */
import { Worker } from 'node:worker_threads';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { type Answer, type FromWriter, ParcelWriter } from './wire.ts';

/** What a commit was: the time in the writer, and how many events, settlements and leases it wrote. */
export interface BatchReport {
  readonly commitMs: number;
  readonly writes: number;
}

export interface Channel {
  /** Packs one operation and resolves with its answer after the commit. */
  send<T>(pack: (parcel: ParcelWriter) => void): Promise<T>;
  /** Waits for what has been sent, closes the database, and ends the thread. May be called twice. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

/** A turn that brings more is sent in several messages. */
const MOST_IN_A_PARCEL = 1024;
/** Answered promises are dropped from the queue so many at a time. */
const COMPACT_AFTER = 4096;

export async function openChannel(file: string, report: (batch: BatchReport) => void): Promise<Channel> {
  const worker = startThread('worker', { file });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromWriter) => {
      if (message.kind !== 'refused') resolve();
      else reject(new StoreRefused(message.code, message.message, message.advice));
    });
  });

  const parcel = new ParcelWriter();
  const queue: Waiting[] = [];
  let head = 0;
  let isScheduled = false;
  let closing: Promise<void> | undefined;
  let broken: Error | undefined;

  const flush = (): void => {
    isScheduled = false;
    if (parcel.operations === 0 || broken) return;
    const sent = parcel.take();
    worker.postMessage(sent, [sent.bytes.buffer as ArrayBuffer]);
  };

  const take = (): Waiting | undefined => {
    if (head === queue.length) return undefined;
    const waiting = queue[head];
    head += 1;
    if (head === queue.length || head === COMPACT_AFTER) {
      queue.splice(0, head);
      head = 0;
    }
    return waiting;
  };

  const failAll = (error: Error): void => {
    broken ??= error;
    for (let waiting = take(); waiting; waiting = take()) waiting.reject(broken);
  };

  worker.on('message', (message: FromWriter) => {
    if (message.kind === 'answers') {
      for (const answer of message.answers) settle(take(), answer);
      report({ commitMs: message.commitMs, writes: message.writes });
    } else if (message.kind === 'failed') {
      const error = new StoreUnavailable(`the store cannot be written: ${message.message}`);
      for (let i = 0; i < message.operations; i++) take()?.reject(error);
    }
  });
  worker.on('error', (error: Error) => failAll(new StoreUnavailable(`the store's thread has ended: ${error.message}`)));
  worker.on('exit', () => failAll(new StoreUnavailable('the store is closed')));

  return {
    send(pack) {
      return new Promise((resolve, reject) => {
        if (broken || closing) {
          reject(broken ?? new StoreUnavailable('the store is closed'));
          return;
        }
        pack(parcel);
        queue.push({ resolve, reject });
        if (parcel.operations >= MOST_IN_A_PARCEL) flush();
        if (isScheduled) return;
        isScheduled = true;
        setImmediate(flush);
      });
    },
    close() {
      closing ??= new Promise((resolve) => {
        flush();
        worker.once('exit', () => resolve());
        if (broken) resolve();
        else worker.postMessage('close');
      });
      return closing;
    },
  };
}

function settle(waiting: Waiting | undefined, answer: Answer): void {
  if (!waiting) return;
  const failed = (answer as { readonly failed?: unknown } | null | undefined)?.failed;
  if (typeof failed === 'string') waiting.reject(new Error(failed));
  else waiting.resolve(answer as never);
}

/** Runs a file of this folder in a thread: TypeScript as it stands in a clone, JavaScript where it has been built. */
export function startThread(name: 'worker' | 'reader-thread', workerData: unknown): Worker {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./${name}.${extension}`, import.meta.url), { workerData });
}
