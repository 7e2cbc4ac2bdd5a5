/** How each target is, by what the store has of it: the rows of `dragoman targets`. */
import type { ConfigDraft } from '../config/draft.ts';
import { type Hold, holdOf } from '../deliver/hold.ts';
import { HEALTHY, stateAt, storedTargetStates, type TargetState } from '../deliver/target-state.ts';
import { showTime } from '../kit/shown.ts';
import type { Reason } from '../model/outcome.ts';
import type { Ledger, Store } from '../stores/store.ts';
import { storedTargets } from './stored-targets.ts';

export interface TargetRow {
  readonly name: string;
  /** Null where it is not known. */
  readonly format: string | null;
  readonly state: 'running' | 'paused' | Exclude<Hold['kind'], 'asked'>;
  /** When a pause that the target asked for, or the breaker's, ends; epoch milliseconds. Null where someone has to end it, or nothing holds it. */
  readonly until: number | null;
  /** Why it is stopped, else null. */
  readonly reason: Reason | null;
  readonly waiting: number;
  /** Epoch milliseconds; null where nothing waits. */
  readonly oldestWaitingAt: number | null;
  readonly dead: number;
  readonly lastError: LastError | null;
}

/** Of the newest delivery that has failed and not arrived since. */
interface LastError extends Reason {
  readonly delivery: string;
  /** Epoch milliseconds; null where it never came to a try. */
  readonly at: number | null;
}

/** Every target, and after them those that are gone but have something waiting. */
export async function targetRows(store: Store, config: ConfigDraft, now: number): Promise<readonly TargetRow[]> {
  const [targets, states, backlog, failing] = await Promise.all([
    storedTargets(config, store),
    storedTargetStates(store.shared),
    store.ledger.backlog(),
    store.ledger.failing(),
  ]);
  const gone = [...backlog.keys()].filter((name) => !targets.has(name)).sort();
  const rows: TargetRow[] = [];
  for (const name of [...targets.keys(), ...gone]) {
    const target = targets.get(name);
    const state = stateAt(states.get(name) ?? HEALTHY, target?.url ?? null);
    const waits = backlog.get(name);
    const fails = failing.get(name);
    rows.push({
      name,
      format: target?.format ?? null,
      ...stateOf(holdOf({ target, state, dueAt: now, now }), state),
      waiting: waits?.waiting ?? 0,
      oldestWaitingAt: waits?.oldestAt ?? null,
      dead: fails?.dead ?? 0,
      lastError: fails ? await lastErrorOf(fails.newest, store.ledger) : null,
    });
  }
  return rows;
}

function stateOf(hold: Hold | null, { breaker }: TargetState): Pick<TargetRow, 'state' | 'until' | 'reason'> {
  const untimed = { until: null, reason: null };
  // its pause is over: the next delivery tries whether it is well again
  if (!hold) return breaker ? { ...untimed, state: 'breaker_open' } : { ...untimed, state: 'running' };
  if (hold.kind === 'asked') return { ...untimed, state: 'paused', until: hold.until };
  const until = hold.kind === 'breaker_open' ? hold.until : null;
  return { state: hold.kind, until, reason: hold.kind === 'stopped' ? hold.reason : null };
}

async function lastErrorOf(id: string, ledger: Ledger): Promise<LastError | null> {
  const [delivery, attempts] = await Promise.all([ledger.delivery(id), ledger.attempts(id)]);
  if (!delivery?.reason) return null;
  return { delivery: id, ...delivery.reason, at: attempts.at(-1)?.startedAt ?? delivery.finishedAt };
}

/** A few words, as in a table. */
export function stateWords({ state, until, reason }: TargetRow): string {
  switch (state) {
    case 'paused':
      return until === null ? 'paused' : `paused until ${showTime(until)}, as it asked`;
    case 'stopped':
      return `stopped: ${reason?.message.replace(/^the target /, 'it ')}`;
    case 'breaker_open':
      return until === null ? 'breaker open, one delivery tries it next' : `breaker open until ${showTime(until)}`;
    case 'gone':
      return 'no longer in the configuration';
    default:
      return state;
  }
}
