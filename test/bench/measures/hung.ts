/**
 * What a target that never answers costs the others: healthy deliveries a second while it hangs, to the same relay's a moment before or after.
 *
 * Its target is as targets are by default: eight requests at once, each for 15 s. A turn is over well before that, so it hangs from the turn's
 * first event to its last: eight requests under way, the next deliveries held in memory behind them, all others stored for later. That is
 * checked, for when they end it is left alone: five that have failed open its breaker, and then nothing is sent there or held for it.
 */
import { rested } from '../load/cost.ts';
import { HUNG, HUNG_PATH, type Relay, startRelay, TARGET_CONCURRENCY, tenTargets } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { inRounds, type Rounds, type Turns } from './rounds.ts';

export interface Hung {
  /** In each turn; a tenth of them is for the target that hangs or does not. */
  readonly events: number;
  readonly turns: Turns;
}

/** Rounds of `none hung` and `one hung`; only what goes to the nine healthy targets counts. */
export async function measureHung(far: Far, { events, turns }: Hung): Promise<Rounds> {
  await using relay = await startRelay({ yaml: tenTargets(far.sink.url) });
  const healthy = (): Promise<Run> =>
    drive({
      ...{ far, subjects: [relay], load: { events, rooms: 10 } },
      wanted: { received: (events * 9) / 10, except: HUNG },
    });
  const contenders = [
    { name: 'none hung', run: () => alone({ far, relay, events }, healthy) },
    { name: 'one hung', run: () => alone({ far, relay, events }, () => beside(far, healthy)), warmUps: [] },
  ];
  return await inRounds(contenders, turns);
}

async function beside({ sink }: Far, healthy: () => Promise<Run>): Promise<Run> {
  await sink.hang(HUNG_PATH);
  const run = await healthy();
  const hung = await sink.release();
  if (hung !== TARGET_CONCURRENCY)
    throw new Error(`${hung} requests hung at the end of a turn, not ${TARGET_CONCURRENCY}`);
  return run;
}

/** The turn after it begins when everything has come, what a target has missed as well, and the relay has nothing left to do. */
async function alone(
  { far, relay, events }: { readonly far: Far; readonly relay: Relay; readonly events: number },
  turn: () => Promise<Run>,
): Promise<Run> {
  const run = await turn();
  await far.sink.received({ received: events });
  await rested(relay.pid);
  return run;
}
