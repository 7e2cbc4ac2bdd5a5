/** A process of its own that saves events as fast as it can and prints the id of each one that was acknowledged. */
import { systemClock } from '../../src/kit/clock.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import { arrival } from './arrivals.ts';

const [file = '', callers = '0', prefix = ''] = process.argv.slice(2);
const store = await openSqliteStore({ file, clock: systemClock });
process.stdout.write('open\n');
let count = 0;

async function saveOnAndOn(): Promise<void> {
  for (;;) {
    const one = arrival({ key: `${prefix}${count++}`, body: new Uint8Array(2000) });
    const line = await store.inbox.save(one).then(
      () => `saved ${one.event.id} ${one.event.key}\n`,
      (error: Error) => `refused ${error.name}\n`,
    );
    process.stdout.write(line);
    if (line.startsWith('refused')) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

for (let i = 0; i < Number(callers); i++) void saveOnAndOn();
process.stdin.resume();
