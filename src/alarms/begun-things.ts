/** What has begun and not ended, for `unfinished` alarms: in the store, so that a restart and another relay know it too. */
import { type AlarmPorts, markOf } from './alarm-ports.ts';
import { type BegunThing, isSameThing, joinedThing } from './begun-thing.ts';
import type { Begun } from './judge-alarm.ts';
import type { Kept } from './missed-alarms.ts';

/** `alarm` is the name of one, or whatever else tells it from others. */
export interface BegunThings {
  /** Epoch milliseconds of the events' own times: an end that overtook its start still ends it, one from before it does not. */
  began(alarm: string, value: string, at: number): void;
  ended(alarm: string, value: string, at: number): void;
  /** Reads what others have written and writes what is new. Rejects where the store cannot be reached; nothing is lost then. */
  sync(): Promise<void>;
  /** As of the last sync, and what came since. */
  of(alarm: string): readonly Begun[];
  /** Forgets what alarms that are gone have noted. */
  keepOnly(alarms: Kept): Promise<void>;
}

interface Row {
  readonly thing: BegunThing;
  /** Epoch milliseconds, by the clock of the relay that wrote it. */
  readonly writtenAt: number;
  readonly version: number;
}

const PREFIX = 'alarm-begun/';
/** Of all alarms together, so many that are unfinished and so many that have ended: more is no list that anyone could work through. */
const MOST = 10_000;
const LONGEST_VALUE = 200;
/** What has ended stays for so long, for starts that come late or that another relay has yet to write. */
const ENDED_KEPT_MS = 3_600_000;
/** Of relays that write about one thing at the same moment all but one read again. */
const MOST_ROUNDS = 3;

export function createBegunThings({ shared, clock }: Pick<AlarmPorts, 'shared' | 'clock'>): BegunThings {
  const stored = new Map<string, Row>();
  /** What has come and is not written yet. */
  const news = new Map<string, BegunThing>();

  function note(key: string, thing: BegunThing): void {
    if (news.has(key) || news.size < MOST) news.set(key, joinedThing(thing, news.get(key)));
  }

  async function read(): Promise<void> {
    const rows = await shared.list(PREFIX);
    stored.clear();
    for (const { key, value, version } of rows) {
      const { writtenAt, ...thing } = JSON.parse(value) as BegunThing & Pick<Row, 'writtenAt'>;
      stored.set(key, { thing, writtenAt, version });
    }
  }

  /** What another relay has changed in between stays among the news. */
  async function write(): Promise<void> {
    let room = MOST - [...stored.values()].filter(({ thing }) => isUnfinished(thing)).length;
    for (const [key, fresh] of [...news]) {
      const row = stored.get(key);
      const thing = joinedThing(fresh, row?.thing);
      const isOneMore = isUnfinished(thing) && !isUnfinished(row?.thing);
      const isToWrite = !isSameThing(thing, row?.thing ?? {}) && (!isOneMore || room > 0);
      if (isToWrite && !(await put(key, thing))) continue;
      if (isToWrite && isOneMore) room--;
      if (news.get(key) === fresh) news.delete(key);
    }
  }

  async function put(key: string, thing: BegunThing): Promise<boolean> {
    const version = stored.get(key)?.version ?? 0;
    const writtenAt = clock.now();
    const isWritten = await shared.put(key, JSON.stringify({ ...thing, writtenAt }), version);
    if (isWritten) stored.set(key, { thing, writtenAt, version: version + 1 });
    return isWritten;
  }

  async function remove(key: string, { version }: Row): Promise<void> {
    if (await shared.put(key, null, version)) stored.delete(key);
  }

  async function forgetEnded(): Promise<void> {
    const ended = [...stored].filter(([, { thing }]) => !isUnfinished(thing));
    ended.sort(([, a], [, b]) => b.writtenAt - a.writtenAt);
    for (const [index, [key, row]] of ended.entries()) {
      if (index >= MOST || clock.now() - row.writtenAt > ENDED_KEPT_MS) await remove(key, row);
    }
  }

  return {
    began: (alarm, value, at) => note(keyOf(alarm, value), { at }),
    ended: (alarm, value, at) => note(keyOf(alarm, value), { ended: at }),
    async sync() {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        await read();
        await write();
        if (news.size === 0) break;
      }
      await forgetEnded();
    },
    of(alarm) {
      const known = new Map([...stored].map(([key, { thing }]) => [key, thing]));
      for (const [key, thing] of news) known.set(key, joinedThing(thing, known.get(key)));
      return [...known].flatMap(([key, { at }]) => {
        if (at === undefined) return [];
        const [name, value] = partsOf(key);
        return name === alarm ? [{ value, at }] : [];
      });
    },
    async keepOnly(alarms) {
      for (const [key, row] of [...stored]) if (!alarms.has(partsOf(key)[0])) await remove(key, row);
    },
  };
}

function isUnfinished(thing: BegunThing | undefined): boolean {
  return thing?.at !== undefined;
}

function keyOf(alarm: string, value: string): string {
  return `${PREFIX}${JSON.stringify([alarm, shortened(value)])}`;
}

/** Two long values may begin alike. */
function shortened(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  const mark = markOf([value]);
  return `${value
    .slice(0, LONGEST_VALUE)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…${mark}`;
}

function partsOf(key: string): readonly [alarm: string, value: string] {
  return JSON.parse(key.slice(PREFIX.length)) as [string, string];
}
