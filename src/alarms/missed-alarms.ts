/** Which alarms that the store knows are gone: another relay may have one that this one does not have yet, or no more. */
import type { AlarmPorts } from './alarm-ports.ts';

export interface MissedAlarms {
  /** Those that are kept: of these names, or missed here for a short while only while other relays are there. */
  keptOf(names: ReadonlySet<string>): Kept;
  /** True while some are kept that are missed here; to be asked after each look. */
  any(): boolean;
}

export type Kept = Pick<ReadonlySet<string>, 'has'>;

/** By then a changed configuration has come to every relay. */
const KEPT_MS = 3_600_000;

export function createMissedAlarms({ clock, isAlone }: Pick<AlarmPorts, 'clock' | 'isAlone'>): MissedAlarms {
  /** Since when, by the monotonic clock. */
  const missed = new Map<string, number>();

  function isKept(name: string): boolean {
    const now = clock.monotonic();
    const since = missed.get(name) ?? now;
    const isSoon = !isAlone() && now - since < KEPT_MS;
    if (isSoon) missed.set(name, since);
    else missed.delete(name);
    return isSoon;
  }

  return {
    keptOf: (names) => ({
      has(name) {
        if (!names.has(name)) return isKept(name);
        missed.delete(name);
        return true;
      },
    }),
    any() {
      // what another relay has forgotten first is asked for no more
      for (const [name, since] of missed) if (clock.monotonic() - since >= KEPT_MS) missed.delete(name);
      return missed.size > 0;
    },
  };
}
