/** What a target that never answers costs the others: healthy deliveries a second, beside the same without it. */
import type { Subject } from '../load/processes.ts';
import { HUNG, startRelay, tenTargets } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { type Contender, inTurns, type Turns } from './rounds.ts';

/** Runs `none hung` and `one hung`; only what goes to the nine healthy targets counts. */
export async function measureHung(
  far: Far,
  { events, turns }: { readonly events: number; readonly turns: Turns },
): Promise<ReadonlyMap<string, Run>> {
  await using none = await startRelay({ yaml: tenTargets(far.sink.url, false) });
  await using one = await startRelay({ yaml: tenTargets(far.sink.url, true) });
  const wanted = { received: (events * 9) / 10, except: HUNG };
  const healthy = (name: string, subject: Subject): Contender => ({
    name,
    run: () => drive({ far, subjects: [subject], load: { events, rooms: 10 }, wanted }),
  });
  return await inTurns([healthy('none hung', none), healthy('one hung', one)], turns);
}
