/** What has begun and not ended, for `unfinished` alarms: in the store, so that a restart and another relay know it too. */

import type { SharedPort } from './alarm-ports.ts';
import type { Begun } from './judge-alarm.ts';

export interface BegunThings {
  /** Epoch milliseconds of the events' own times: an end that overtook its start still ends it. */
  began(alarm: string, value: string, at: number): void;
  ended(alarm: string, value: string, at: number): void;
  /** Writes what is new and reads what others have written. Rejects where the store cannot be reached; nothing is lost then. */
  sync(): Promise<void>;
  /** As of the last sync, and what came since. */
  of(alarm: string): readonly Begun[];
  /** Forgets what alarms that are gone have noted. */
  keepOnly(alarms: ReadonlySet<string>): Promise<void>;
}

interface Change {
  readonly kind: 'began' | 'ended';
  readonly at: number;
}

const PREFIX = 'alarm-begun/';
/** Of all alarms together: more is no list that anyone could work through. */
const MOST = 10_000;
const LONGEST_VALUE = 200;

export function createBegunThings(shared: SharedPort): BegunThings {
  const stored = new Map<string, { readonly at: number; readonly version: number }>();
  let changes = new Map<string, Change>();
  /** Ends whose start may still be on its way, newest last. */
  const ends = new Map<string, number>();

  function note(key: string, change: Change): void {
    if (changes.size < MOST) changes.set(key, change);
  }

  async function write(key: string, { kind, at }: Change): Promise<void> {
    const known = stored.get(key);
    if (kind === 'began' && !known && stored.size < MOST) await shared.put(key, JSON.stringify({ at }), 0);
    if (kind === 'ended' && known) await shared.put(key, null, known.version);
  }

  async function read(): Promise<void> {
    const rows = await shared.list(PREFIX);
    stored.clear();
    for (const { key, value, version } of rows) stored.set(key, { at: momentIn(value), version });
  }

  return {
    began(alarm, value, at) {
      const key = keyOf(alarm, value);
      if ((ends.get(key) ?? Number.NEGATIVE_INFINITY) >= at) return;
      if (!stored.has(key) && changes.get(key)?.kind !== 'began') note(key, { kind: 'began', at });
    },
    ended(alarm, value, at) {
      const key = keyOf(alarm, value);
      note(key, { kind: 'ended', at });
      ends.delete(key);
      ends.set(key, at);
      if (ends.size > MOST) ends.delete(ends.keys().next().value as string);
    },
    async sync() {
      await read();
      const now = changes;
      changes = new Map();
      try {
        for (const [key, change] of now) {
          await write(key, change);
          now.delete(key);
        }
      } finally {
        changes = new Map([...now, ...changes]);
      }
      if (now.size === 0) await read();
    },
    of(alarm) {
      const known = new Map([...stored].map(([key, { at }]) => [key, at]));
      for (const [key, { kind, at }] of changes) {
        if (kind === 'ended') known.delete(key);
        else if (!known.has(key)) known.set(key, at);
      }
      return [...known].flatMap(([key, at]) => {
        const [name, value] = partsOf(key);
        return name === alarm ? [{ value, at }] : [];
      });
    },
    async keepOnly(alarms) {
      for (const [key, { version }] of stored) {
        if (!alarms.has(partsOf(key)[0])) await shared.put(key, null, version);
      }
    },
  };
}

function keyOf(alarm: string, value: string): string {
  return `${PREFIX}${JSON.stringify([alarm, value.slice(0, LONGEST_VALUE)])}`;
}

function partsOf(key: string): readonly [alarm: string, value: string] {
  return JSON.parse(key.slice(PREFIX.length)) as [string, string];
}

function momentIn(text: string): number {
  return (JSON.parse(text) as { at: number }).at;
}
