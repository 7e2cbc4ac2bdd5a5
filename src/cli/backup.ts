/** `dragoman backup FILE`: copies the SQLite store as it is at one moment, beside a running relay. */
import { resolve } from 'node:path';
import { formatSize } from '../kit/duration.ts';
import { shownPath } from '../kit/shown.ts';
import { imbalances } from '../stores/imbalances.ts';
import { readStoreConfig } from './read-config.ts';
import { refusalsAsFailures } from './stored.ts';
import { counted, Failure, progressOn, type Terminal } from './terminal.ts';

interface Input {
  readonly args: string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ args, options, terminal }: Input): Promise<void> {
  const { store } = readStoreConfig(String(options.config), (text) => terminal.complain(text));
  if (store.kind !== 'sqlite')
    throw new Failure(
      `the store is ${store.kind}, which is not one file`,
      'pg_dump, or what the database service brings',
    );
  const to = resolve(String(args[0]));
  const { backUp } = await import('../stores/sqlite/backup.ts');
  const progress = progressOn(terminal, (copied, all) => `${formatSize(copied)} of ${formatSize(all)}`);
  const { bytes, balance } = await refusalsAsFailures(() => backUp({ file: store.file, to, progress }));
  const problems = imbalances(balance);
  const events = balance.accepted - balance.pruned;
  if (options.json) terminal.json({ file: to, bytes, events, balanced: problems.length === 0, problems });
  else {
    const verdict = problems.length === 0 ? 'whole, and the ledger is balanced' : problems.join('\n');
    terminal.print(`${shownPath(to)}: ${counted(events, 'event')}, ${formatSize(bytes)}; ${verdict}`);
  }
  if (problems.length > 0) process.exitCode = 1;
}
