/** How long an event takes at a steady pace, which is sent whatever becomes of the events before. */
import type { Wanted } from '../load/exchange.ts';
import type { Subject } from '../load/processes.ts';
import { deadTargets, HEALTHY_ROOMS, oneRule, startRelay } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { type Contender, inTurns, type Turns } from './rounds.ts';

export interface Paced {
  readonly seconds: number;
  readonly turns: Turns;
}

/** Events a second: well below what a relay takes, so that it is not queues that are measured. */
const PER_S = 500;
const PER_S_DEAD = 600;
const DEAD = 50;
/** Before the clock counts, as many as will go: a pace leaves the compiler too little to learn from. */
const WARM_UP_EVENTS = 5000;

/** Runs `paced relay` and `paced no store`. */
export async function measurePaced(far: Far, { seconds, turns }: Paced): Promise<ReadonlyMap<string, Run>> {
  const yaml = oneRule(`${far.sink.url}/ok`);
  await using relay = await startRelay({ yaml });
  await using noStore = await startRelay({ yaml, withoutStore: true });
  const contender = (name: string, subject: Subject): Contender => {
    const send = (load: { readonly events: number; readonly ratePerS?: number }): Promise<Run> =>
      drive({ far, subjects: [subject], load, wanted: { received: load.events } });
    return {
      name,
      run: () => send({ events: seconds * PER_S, ratePerS: PER_S }),
      warmUps: [() => send({ events: WARM_UP_EVENTS })],
    };
  };
  return await inTurns([contender('paced relay', relay), contender('paced no store', noStore)], turns);
}

/** Runs `no dead` and `50 dead`: the same events come in, every second one for a healthy target, in both. */
export async function measureDead(far: Far, { seconds, turns }: Paced): Promise<ReadonlyMap<string, Run>> {
  await using without = await startRelay({ yaml: deadTargets(far.sink.url, 0) });
  await using beside = await startRelay({ yaml: deadTargets(far.sink.url, DEAD) });
  const events = seconds * PER_S_DEAD;
  const rooms = HEALTHY_ROOMS + DEAD;
  const healthy = (received: number): Wanted => ({ received, under: '/after' });
  const contender = (name: string, subject: Subject): Contender => {
    const shared = { far, subjects: [subject] };
    const warm = { events: WARM_UP_EVENTS, rooms: HEALTHY_ROOMS };
    const wanted = healthy((events * HEALTHY_ROOMS) / rooms);
    return {
      name,
      run: () => drive({ ...shared, load: { events, ratePerS: PER_S_DEAD, rooms }, wanted }),
      warmUps: [() => drive({ ...shared, load: warm, wanted: healthy(WARM_UP_EVENTS) })],
    };
  };
  return await inTurns([contender('no dead', without), contender('50 dead', beside)], turns);
}
