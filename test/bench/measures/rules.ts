/** What an event costs where there are many rules, of which one matches. */
import { manyRules, startRelay } from '../subjects/relay.ts';
import type { Far, Run } from './drive.ts';
import { type Contender, delivering, inTurns, type Turns } from './rounds.ts';

export const RULE_COUNTS = [1, 10, 100, 1000, 10_000] as const;

/** Runs `rules 1` to `rules 10000`. */
export async function measureRules(
  far: Far,
  { events, turns }: { readonly events: number; readonly turns: Turns },
): Promise<ReadonlyMap<string, Run>> {
  await using relays = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  for (const count of RULE_COUNTS) {
    const subject = relays.use(await startRelay({ yaml: manyRules(`${far.sink.url}/ok`, count) }));
    contenders.push(delivering(`rules ${count}`, { far, subject, events, rooms: 1 }));
  }
  return await inTurns(contenders, turns);
}
