/** The ledger's sums: what must add up, always, and where it does not. */
import type { Balance } from './store.ts';

/** A sentence for each sum that differs; empty where every accepted event is accounted for. */
export function imbalances(balance: Balance): string[] {
  const problems: string[] = [];
  const ended = sum(balance.events);
  const accounted = balance.unmatched + balance.ignored + ended;
  if (accounted !== balance.accepted) {
    problems.push(
      `${balance.accepted} events were accepted, but ${accounted} are accounted for (${balance.unmatched} unmatched, ${balance.ignored} ignored, ${ended} with deliveries)`,
    );
  }
  for (const [name, count] of Object.entries({
    ...balance.events,
    unmatched: balance.unmatched,
    ignored: balance.ignored,
  })) {
    if (count < 0) problems.push(`the count of ${name} events is ${count}`);
  }
  for (const [name, count] of Object.entries(balance.deliveries)) {
    if (count < 0) problems.push(`the count of ${name} deliveries is ${count}`);
  }
  return problems;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
