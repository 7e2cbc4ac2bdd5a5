/** The reader's thread: answers the ledger's questions on a connection of its own, so that a long one holds up no write. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { prepareLedger } from './ledger.ts';
import { openBeside } from './open-database.ts';
import type { Answered, Question } from './reader.ts';

const port = parentPort as MessagePort;
const { file } = workerData as { readonly file: string };
let ledger: ReturnType<typeof prepareLedger> | undefined;

port.on('message', ({ ask, about }: Question) => {
  try {
    ledger ??= prepareLedger(openBeside(file, 'read'));
    const answer = (ledger[ask] as (about: unknown) => unknown)(about);
    port.postMessage({ answer } satisfies Answered);
  } catch (error) {
    ledger = undefined;
    port.postMessage({ failed: (error as Error).message } satisfies Answered);
  }
});
