/** Which alarms are on and how often they have been said: in the store, so that each is said once by all relays together. */
import type { Alarm, AlarmOn, SharedPort } from './alarm-ports.ts';
import type { Kept } from './missed-alarms.ts';

export interface Said {
  readonly on: AlarmOn;
  /** Of the alarm as it was then; older versions did not say. */
  readonly kind?: Alarm['kind'];
  /** 0: not yet. */
  readonly times: number;
  /** Epoch milliseconds. */
  readonly saidAt: number;
  readonly version: number;
}

export interface SaidAlarms {
  refresh(): Promise<void>;
  all(): readonly Said[];
  of(alarm: string): readonly Said[];
  find(about: Pick<AlarmOn, 'name' | 'about'>): Said | undefined;
  /** Notes that it is on; undefined where another relay was first. Its `since` is the first one's from then on. */
  begin(on: AlarmOn, kind: Alarm['kind']): Promise<Said | undefined>;
  write(before: Said, now: Omit<Said, 'version'>): Promise<void>;
  end(one: Said): Promise<void>;
  /** Forgets, without a word, what alarms that are gone have said. */
  keepOnly(alarms: Kept): Promise<void>;
}

const PREFIX = 'alarm-on/';

export function createSaidAlarms(shared: SharedPort): SaidAlarms {
  const known = new Map<string, Said>();

  async function end(one: Said): Promise<void> {
    await shared.put(keyOf(one.on), null, one.version);
    known.delete(keyOf(one.on));
  }

  return {
    async refresh() {
      const rows = await shared.list(PREFIX);
      known.clear();
      for (const { key, value, version } of rows) known.set(key, { ...(JSON.parse(value) as Said), version });
    },
    all: () => [...known.values()],
    of: (alarm) => [...known.values()].filter(({ on }) => on.name === alarm),
    find: (about) => known.get(keyOf(about)),
    async begin(on, kind) {
      const said = { on, kind, times: 0, saidAt: 0 };
      if (!(await shared.put(keyOf(on), JSON.stringify(said), 0))) return undefined;
      known.set(keyOf(on), { ...said, version: 1 });
      return known.get(keyOf(on));
    },
    async write(before, now) {
      if (!(await shared.put(keyOf(now.on), JSON.stringify(now), before.version))) return;
      known.set(keyOf(now.on), { ...now, version: before.version + 1 });
    },
    end,
    async keepOnly(alarms) {
      for (const one of [...known.values()]) if (!alarms.has(one.on.name)) await end(one);
    },
  };
}

function keyOf({ name, about }: Pick<AlarmOn, 'name' | 'about'>): string {
  return `${PREFIX}${JSON.stringify([name, about])}`;
}
