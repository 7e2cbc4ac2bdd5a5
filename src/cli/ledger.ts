/** `dragoman ledger`: every accepted event accounted for; exit 1 where the sums differ. */
import { imbalances } from '../stores/imbalances.ts';
import type { Balance } from '../stores/store.ts';
import { withStore } from './stored.ts';
import { type Terminal, table } from './terminal.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export async function run({ options, terminal }: Input): Promise<void> {
  const { balance, recounted } = await withStore(options, async ({ ledger }) => ({
    balance: await ledger.balance(),
    recounted: options.recount ? await ledger.recount() : undefined,
  }));
  const problems = [...imbalances(balance), ...(recounted ? differences(balance, recounted) : [])];
  if (options.json) terminal.json({ balanced: problems.length === 0, problems, ...balance });
  else terminal.print(page(balance, problems, terminal));
  if (problems.length > 0) process.exitCode = 1;
}

function page(balance: Balance, problems: readonly string[], terminal: Terminal): string {
  const { events, deliveries } = balance;
  const rows: [string, number, string][] = [
    ['accepted', balance.accepted, ''],
    ['  delivered', events.delivered, 'every delivery arrived, but for what a mapping drops'],
    ['  unmatched', balance.unmatched, 'no rule matched'],
    ['  ignored', balance.ignored, 'of a type that the format does not know'],
    ['  dropped', events.dropped, 'a mapping says that nothing is sent'],
    ['  dead', events.dead, 'at least one dead letter and nothing waiting'],
    ['  waiting', events.waiting, 'at least one delivery is to be sent'],
    ['  expired', events.expired, 'at least one given up, and nothing waiting or dead'],
    ...deliveryRows(deliveries),
  ];
  const verdict =
    problems.length === 0 ? terminal.paint('green', 'balanced') : terminal.paint('red', problems.join('\n'));
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  const lines = rows.map(([name, count, about]) => [name, String(count).padStart(width), terminal.paint('dim', about)]);
  return `${table(lines)}\n${verdict}${balance.pruned > 0 ? terminal.paint('dim', `  (${balance.pruned} of them deleted by retention)`) : ''}`;
}

/** An event that waits or is dead may hold deliveries of every state: these are counted one by one. */
function deliveryRows(deliveries: Balance['deliveries']): [string, number, string][] {
  const counts = Object.entries(deliveries).filter(([, count]) => count > 0);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const about = counts.map(([state, count]) => `${count} ${state}`).join(', ');
  const advice = deliveries.dead > 0 ? ': dragoman deliveries --state dead' : '';
  return total > 0 ? [['deliveries', total, about + advice]] : [];
}

function differences(kept: Balance, counted: Balance): string[] {
  const flat = (balance: Balance): [string, number][] => [
    ['accepted', balance.accepted],
    ['unmatched', balance.unmatched],
    ['ignored', balance.ignored],
    ...Object.entries(balance.events).map(([state, count]): [string, number] => [`${state} events`, count]),
    ...Object.entries(balance.deliveries).map(([state, count]): [string, number] => [`${state} deliveries`, count]),
  ];
  const rows = new Map(flat(counted));
  return flat(kept)
    .filter(([name, count]) => rows.get(name) !== count)
    .map(([name, count]) => `${name}: the counter says ${count}, the rows say ${rows.get(name)}`);
}
