/** The pasts of the sources that alarms listen to, shared by all relays on the store and kept across restarts. */
import type { AlarmPorts } from './alarm-ports.ts';
import { heard, joinedPast, type SourcePast } from './source-past.ts';

export interface SourcePasts {
  /** An event of the source has been saved. */
  heard(source: string): void;
  /** Undefined for a source that no alarm listens to. */
  of(source: string): SourcePast | undefined;
  /** Writes what is new and takes over what other relays have written. Rejects where the store cannot be reached. */
  sync(): Promise<void>;
}

const PREFIX = 'alarm-past/';
/** Further ahead of our clock than another relay's may be: it was written while a clock was wrong. */
const AHEAD_MS = 3_600_000;

export function createSourcePasts({
  shared,
  clock,
  alarms,
  lastHeard,
}: Pick<AlarmPorts, 'shared' | 'clock' | 'alarms' | 'lastHeard'>): SourcePasts {
  const pasts = new Map<string, SourcePast>();
  const changed = new Set<string>();

  function watched(): Set<string> {
    return new Set(alarms().flatMap((alarm) => (alarm.kind === 'silent' ? alarm.sources : [])));
  }

  /** While no alarm listened, the source may have gone on. */
  async function caughtUp(source: string, past: SourcePast): Promise<SourcePast> {
    return { ...past, last: Math.max(past.last, (await lastHeard(source)) ?? past.last) };
  }

  function isAhead({ last }: SourcePast): boolean {
    return last > clock.now() + AHEAD_MS;
  }

  function setBack(past: SourcePast): SourcePast {
    return isAhead(past) ? { ...past, first: Math.min(past.first, clock.now()), last: clock.now() } : past;
  }

  return {
    heard(source) {
      const past = pasts.get(source);
      if (!past) return;
      pasts.set(source, heard(past, clock.now()));
      changed.add(source);
    },
    of: (source) => pasts.get(source),
    async sync() {
      const sources = watched();
      for (const source of pasts.keys()) if (!sources.has(source)) pasts.delete(source);
      if (sources.size === 0) return;
      const rows = new Map((await shared.list(PREFIX)).map((row) => [row.key, row]));
      for (const source of sources) {
        const row = rows.get(PREFIX + source);
        const stored = row && parsed(row.value);
        const own = pasts.get(source);
        const known = own ? joinedPast(own, stored) : stored && (await caughtUp(source, stored));
        if (known && isAhead(known)) changed.add(source);
        // One that was never heard is listened to from now on.
        const past = known ? setBack(known) : { first: clock.now(), last: clock.now(), events: 0, longest: {} };
        pasts.set(source, past);
        if (known && !changed.has(source)) continue;
        if (await shared.put(PREFIX + source, JSON.stringify(past), row?.version ?? 0)) changed.delete(source);
      }
    },
  };
}

/** What another version has written may look otherwise. */
function parsed(text: string): SourcePast | undefined {
  const { first, last, events, longest } = JSON.parse(text) as Partial<SourcePast>;
  if (typeof first !== 'number' || typeof last !== 'number') return undefined;
  return { first, last, events: events ?? 0, longest: longest ?? {} };
}
