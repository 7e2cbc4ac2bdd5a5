/**
 * What an event costs where there are many rules, of which one matches.
 *
 * Two processes of one program differ by a quarter, so there are as many relays as numbers of rules, and each of them has each number once: when
 * all have been measured, their configurations move on by one relay and are loaded anew. A number's run in a round is the mean over all relays,
 * in which what sets one process apart from another counts on both sides. Loading anew before each turn would leave one relay to ask for,
 * but also seconds between the two sides of a ratio, in which a busy machine changes more than rules do.
 */
import { rested } from '../load/cost.ts';
import { manyRules, type Relay, startRelay } from '../subjects/relay.ts';
import { drive, type Far, type Run } from './drive.ts';
import { type Contender, inRounds, meanRun, type Rounds, type Turns } from './rounds.ts';

/** In the order of their turns: the single rule, which the others are set beside, between the two that goals ask for. */
export const RULE_COUNTS = [10, 1000, 1, 10_000, 100] as const;

/** After a reload, before the clock counts. While so many come, what was loaded before is collected, which is no part of what an event costs. */
const SETTLING_EVENTS = 10_000;

export interface Rules {
  /** In each turn. */
  readonly events: number;
  readonly turns: Turns;
}

/** Rounds of `rules 1` to `rules 10000`. */
export async function measureRules(far: Far, { events, turns }: Rules): Promise<Rounds> {
  const yaml = (count: number): string => manyRules(`${far.sink.url}/ok`, count);
  const send = (relay: Relay, events: number): Promise<Run> =>
    drive({ far, subjects: [relay], load: { events, rooms: 1 }, wanted: { received: events } });
  await using stack = new AsyncDisposableStack();
  const relays: Relay[] = [];
  for (const count of RULE_COUNTS) relays.push(stack.use(await startRelay({ yaml: yaml(count) })));

  const shifts: Rounds[] = [];
  for (let shift = 0; shift < relays.length; shift++) {
    const contenders: Contender[] = [];
    for (const [index, count] of RULE_COUNTS.entries()) {
      const relay = relays[(index + shift) % relays.length] as Relay;
      const contender = { name: `rules ${count}`, run: () => send(relay, events) };
      contenders.push(shift === 0 ? contender : { ...contender, warmUps: [] });
      if (shift === 0) continue;
      await relay.reload(yaml(count));
      await rested(relay.pid);
      await send(relay, SETTLING_EVENTS);
    }
    shifts.push(await inRounds(contenders, turns));
  }
  return overRelays(shifts);
}

function overRelays(shifts: readonly Rounds[]): Rounds {
  const [first = new Map()] = shifts;
  const meanOf = (name: string, round: number): Run =>
    meanRun(shifts.map((rounds) => rounds.get(name)?.[round] as Run));
  return new Map([...first].map(([name, runs]) => [name, runs.map((_: Run, round: number) => meanOf(name, round))]));
}
