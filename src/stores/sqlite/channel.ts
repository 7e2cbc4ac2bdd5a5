/** The main thread's end of the way to the writer: sends what has gathered once a turn of the event loop, and matches answers with promises. */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreRefused, StoreUnavailable } from '../store.ts';
import { type Answer, type FromWriter, OPERATION, ParcelWriter, type PlainOperation } from './wire.ts';

/** What a commit was: the time in the writer, and how many events, settlements and leases it wrote. */
export interface BatchReport {
  readonly commitMs: number;
  readonly writes: number;
}

type Pack<S> = (parcel: ParcelWriter, subject: S) => void;

export interface Channel {
  /** Packs one operation and resolves after the commit with what `read` makes of its answer. */
  send<S, A, T>(subject: S, pack: Pack<S>, read: (subject: S, answer: A) => T): Promise<T>;
  /** The same for an operation that is not on every event's path. */
  ask<A>(operation: PlainOperation): Promise<A>;
  /** Packs an operation for each subject, of which there is one at least, and resolves with their answers, in order; rejects where one failed. */
  sendAll<S, A>(subjects: readonly S[], pack: Pack<S>): Promise<readonly A[]>;
  /** Waits for what has been sent, closes the database, and ends the thread. May be called twice. */
  close(): Promise<void>;
}

/** Who waits for the answer of an operation, or for those of several that were sent together. */
interface Waiting {
  /** Answers that are still to come. */
  left: number;
  answered(answer: Answer): void;
  failed(error: Error): void;
}

/** A turn that brings more is sent in several messages. */
const MOST_IN_A_PARCEL = 1024;
/** Answered promises are dropped from the queue so many at a time. */
const COMPACT_AFTER = 4096;

/** How long after the end of a thread another one is started. */
const RESTART_MS = 1000;

/**
 * Starts the writer of a file. A thread that ends by itself (a fault of ours, no memory) fails what it had, and another one takes
 * its place: what was answered is on the disk, and what was leased is given out again. `start` is the system's, but for tests.
 */
export async function openChannel(
  file: string,
  report: (batch: BatchReport) => void,
  start: (file: string) => Worker = (name) => startThread('worker', { file: name }),
): Promise<Channel> {
  const parcel = new ParcelWriter();
  const queue: (Waiting | undefined)[] = [];
  let head = 0;
  let isScheduled = false;
  let closing: Promise<void> | undefined;
  /** Why nothing can be sent now. */
  let down: Error | undefined;
  let worker = await begin();

  async function begin(): Promise<Worker> {
    const started = start(file);
    const ended = once(started, 'exit').then(() =>
      Promise.reject(new StoreUnavailable("the store's thread has ended")),
    );
    const [opened] = (await Promise.race([once(started, 'message'), ended])) as [FromWriter];
    if (opened.kind === 'refused') throw new StoreRefused(opened.code, opened.message, opened.advice);
    started.on('message', take);
    started.on('error', (error: Error) => lose(`the store's thread has ended: ${error.message}`));
    started.on('exit', () => lose("the store's thread has ended"));
    return started;
  }

  /** Fails what is under way, and begins anew unless the store is being closed. */
  function lose(why: string): void {
    if (down) return;
    down = new StoreUnavailable(closing ? 'the store is closed' : why);
    for (let waiting = next(); waiting; waiting = next()) waiting.failed(down);
    if (parcel.operations > 0) parcel.take();
    if (!closing) setTimeout(restart, RESTART_MS).unref();
  }

  function restart(): void {
    if (closing) return;
    begin().then(
      (started) => {
        worker = started;
        down = undefined;
        if (closing) worker.postMessage('close');
      },
      (error: Error) => {
        down = new StoreUnavailable(error.message);
        setTimeout(restart, RESTART_MS).unref();
      },
    );
  }

  function take(message: FromWriter): void {
    if (message.kind === 'answers') {
      for (const answer of message.answers) settle(next(), answer);
      report({ commitMs: message.commitMs, writes: message.writes });
    } else if (message.kind === 'failed') {
      const error = new StoreUnavailable(`the store cannot be written: ${message.message}`);
      for (let i = 0; i < message.operations; i++) next()?.failed(error);
    }
  }

  function next(): Waiting | undefined {
    if (head === queue.length) return undefined;
    const waiting = queue[head] as Waiting;
    waiting.left -= 1;
    if (waiting.left > 0) return waiting;
    queue[head] = undefined; // or the array would keep it, and all that waits on it, until it is compacted
    head += 1;
    if (head === queue.length || head === COMPACT_AFTER) {
      queue.splice(0, head);
      head = 0;
    }
    return waiting;
  }

  function flush(): void {
    isScheduled = false;
    if (parcel.operations === 0 || down) return;
    const sent = parcel.take();
    worker.postMessage(sent, [sent.bytes.buffer as ArrayBuffer]);
  }

  function put<S>(subjects: readonly S[], pack: Pack<S>, waiting: Waiting): void {
    if (down || closing) {
      waiting.failed(down ?? new StoreUnavailable('the store is closed'));
      return;
    }
    for (const subject of subjects) pack(parcel, subject);
    queue.push(waiting);
    if (parcel.operations >= MOST_IN_A_PARCEL) flush();
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  }

  function send<S, A, T>(subject: S, pack: Pack<S>, read: (subject: S, answer: A) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const answered = (answer: Answer) => resolve(read(subject, answer as A));
      put([subject], pack, { left: 1, answered, failed: reject });
    });
  }

  return {
    send,
    ask: (operation) => send(operation, packPlain, (_, answer) => answer as never),
    sendAll(subjects, pack) {
      return new Promise((resolve, reject) => {
        const answers: Answer[] = [];
        const waiting: Waiting = {
          left: subjects.length,
          answered(answer) {
            answers.push(answer);
            if (waiting.left === 0) resolve(answers as never);
          },
          failed: reject,
        };
        put(subjects, pack, waiting);
      });
    },
    close() {
      closing ??= new Promise((resolve) => {
        flush();
        if (down) return resolve();
        worker.once('exit', () => resolve());
        worker.postMessage('close');
      });
      return closing;
    },
  };
}

function packPlain(parcel: ParcelWriter, operation: PlainOperation): void {
  parcel.begin(OPERATION.plain, operation.do !== 'claim').push(operation);
}

function settle(waiting: Waiting | undefined, answer: Answer): void {
  if (!waiting) return;
  const failed = (answer as { readonly failed?: unknown } | null | undefined)?.failed;
  if (typeof failed === 'string') waiting.failed(new Error(failed));
  else waiting.answered(answer);
}

/** Runs a file of this folder in a thread: TypeScript as it stands in a clone, JavaScript where it has been built or bundled. */
export function startThread(name: 'worker' | 'reader-thread', workerData: unknown): Worker {
  return new Worker(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url), { workerData });
}
