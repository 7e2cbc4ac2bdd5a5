/** What processes cost, as Linux tells it; elsewhere NaN. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Cost {
  /** Of all its threads, in user and in kernel mode, since it began. */
  readonly cpuMs: number;
  readonly rssMb: number;
  /** The most that it has had at any moment. */
  readonly highestRssMb: number;
}

const UNKNOWN: Cost = { cpuMs: Number.NaN, rssMb: Number.NaN, highestRssMb: Number.NaN };
/** Milliseconds a tick: USER_HZ, which is 100 on every Linux. */
const TICK = 10;

/** What a process has cost so far. */
export function costOf(pid: number): Cost {
  try {
    const { user, system } = readStat(pid);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      cpuMs: (user + system) * TICK,
      rssMb: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) / 1024,
      highestRssMb: Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024,
    };
  } catch {
    return UNKNOWN;
  }
}

/** Looks so far apart, and what a relay may spend meanwhile that has nothing to do. */
const LOOK_MS = 100;
const IDLE_MS = TICK;
const MOST_LOOKS = 300;

/** Resolves once a process has nothing left to do: what came before then costs it nothing any more. Rejects after half a minute. */
export async function rested(pid: number): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const before = costOf(pid).cpuMs;
    await new Promise((later) => setTimeout(later, LOOK_MS));
    if (!(costOf(pid).cpuMs - before > IDLE_MS)) return;
  }
  throw new Error(`process ${pid} does not come to rest`);
}

/** CPU time of a process with its children, those that have ended included: a PostgreSQL server and its backends. */
export function familyCpuMs(pid: number): number {
  try {
    const { user, system, waitedFor } = readStat(pid);
    const children = childrenOf(pid).reduce((ticks, child) => ticks + child.user + child.system, 0);
    return (user + system + waitedFor + children) * TICK;
  } catch {
    return Number.NaN;
  }
}

export function childrenOf(parent: number): Stat[] {
  const children: Stat[] = [];
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readStat(Number(entry));
      if (stat.parent === parent) children.push(stat);
    } catch {
      // it has ended since the folder was listed
    }
  }
  return children;
}

export interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Ticks, in user and in kernel mode; and those of children that have ended. */
  readonly user: number;
  readonly system: number;
  readonly waitedFor: number;
}

function readStat(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (index: number): number => Number(fields[index]);
  return { pid, parent: at(1), user: at(11), system: at(12), waitedFor: at(13) + at(14) };
}
