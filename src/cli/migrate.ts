/** `dragoman migrate --from sqlite:FILE --to postgres://…`: moves everything to a database that several relays can share. */
import { existsSync } from 'node:fs';
import { systemClock } from '../kit/clock.ts';
import { moveStore } from '../stores/move.ts';
import { StoreRefused, StoreUnavailable } from '../stores/store.ts';
import { counted, Failure, progressOn, type Terminal } from './terminal.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

const USAGE = 'dragoman migrate --from sqlite:data/dragoman.db --to postgres://user:password@host/database';

export async function run({ options, terminal }: Input): Promise<void> {
  const file = fileOf(String(options.from));
  const url = urlOf(String(options.to));
  const progress = progressOn(terminal, (moved, all) => `${moved} of ${counted(all, 'event')}`);
  try {
    const balance = await moveStore({ file, url, clock: systemClock, progress });
    if (options.json) terminal.json({ moved: balance.accepted - balance.pruned, ...balance });
    else
      terminal.print(
        `moved ${counted(balance.accepted - balance.pruned, 'event')}; the ledger is the same on both sides`,
      );
  } catch (error) {
    if (error instanceof StoreRefused) throw new Failure(`${error.message}  [${error.code}]`, error.try);
    if (error instanceof StoreUnavailable)
      throw new Failure(error.message, 'the same command again: it goes on where it was left');
    throw error;
  }
}

function fileOf(from: string): string {
  if (!from.startsWith('sqlite:')) throw new Failure('--from takes sqlite:FILE', USAGE, 2);
  const file = from.slice('sqlite:'.length);
  if (!existsSync(file)) throw new Failure(`there is no file ${file}`, USAGE);
  return file;
}

function urlOf(to: string): string {
  if (/^postgres(?:ql)?:\/\//.test(to) && URL.canParse(to)) return to;
  throw new Failure('--to takes postgres://user:password@host/database', USAGE, 2);
}
