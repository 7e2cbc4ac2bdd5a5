/** The writer's thread: gathers what has arrived into one group, runs it, answers after the commit. */
import type { DatabaseSync } from 'node:sqlite';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { StoreRefused } from '../store.ts';
import { lockForRelay, prepareFile } from './open-database.ts';
import { movedAway, watchPlace } from './place.ts';
import { type FromWriter, ParcelReader, type ToWriter } from './wire.ts';
import { MOST_OPERATIONS, openWriter, type Writer } from './writer.ts';

const port = parentPort as MessagePort;
const { file } = workerData as { readonly file: string };
const answer = (message: FromWriter): void => port.postMessage(message);

/** Opens the writer under the relay's lock. */
function openLocked(): { readonly lock: DatabaseSync; readonly first: Writer } {
  prepareFile(file);
  const lock = lockForRelay(file);
  try {
    return { lock, first: openWriter(file) };
  } catch (error) {
    lock.close();
    throw error;
  }
}

function serve(lock: DatabaseSync, first: Writer): void {
  let writer: Writer | undefined = first;
  const moved = watchPlace(file, ['']);

  /** Never another file: what is leased and in memory is known there by the numbers of this one. */
  const openAnew = (): Writer => {
    const name = moved();
    if (name !== undefined) throw movedAway(name);
    return openWriter(file);
  };

  const runGroup = (parcels: readonly ParcelReader[]): void => {
    const started = performance.now();
    try {
      writer ??= openAnew();
      const done = writer.run(parcels);
      answer({ kind: 'answers', ...done, commitMs: performance.now() - started });
    } catch (error) {
      const operations = parcels.reduce((sum, parcel) => sum + parcel.operations, 0);
      answer({ kind: 'failed', operations, message: (error as Error).message });
      discardIfBroken();
    }
  };

  const discardIfBroken = (): void => {
    if (!writer || writer.isUsable) return;
    try {
      writer.close();
    } catch {
      // what cannot be closed is let go of; the next group opens the file anew
    }
    writer = undefined;
  };

  const tidy = (): void => {
    try {
      if (writer?.tidy()) setImmediate(tidy);
    } catch {
      discardIfBroken();
    }
  };

  const close = (): void => {
    try {
      writer?.close();
    } finally {
      lock.close();
      answer({ kind: 'closed' });
      port.close();
    }
  };

  port.on('message', (message: ToWriter) => {
    let group: ParcelReader[] = [];
    let operations = 0;
    for (let next: ToWriter | undefined = message; next !== undefined; next = receiveMessageOnPort(port)?.message) {
      if (next === 'close') {
        if (group.length > 0) runGroup(group);
        close();
        return;
      }
      if (operations + next.operations > MOST_OPERATIONS && group.length > 0) {
        runGroup(group);
        group = [];
        operations = 0;
      }
      group.push(new ParcelReader(next));
      operations += next.operations;
    }
    runGroup(group);
    tidy();
  });
  setImmediate(tidy);
}

try {
  const { lock, first } = openLocked();
  serve(lock, first);
  answer({ kind: 'open' });
} catch (error) {
  const { code, message, advice } =
    error instanceof StoreRefused
      ? { code: error.code, message: error.message, advice: error.try }
      : { code: 'STORE_NOT_WRITABLE', message: (error as Error).message, advice: undefined };
  answer({ kind: 'refused', code, message, advice });
  port.close();
}
