/** Notices that the configuration or a mapping has changed on disk, and says so once the files have come to rest. */
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, systemClock, type Timer } from '../kit/clock.ts';

export interface WatchOptions {
  /** Files and folders, absolute; they need not exist yet. */
  readonly paths: readonly string[];
  /** A file that is written all the time, absolute: what lies beside it is only polled, or every write would wake the relay. */
  readonly busy?: string | undefined;
  /** Called after each change, never twice for one, once two looks in a row have seen the same. */
  readonly changed: () => void;
  readonly clock?: Clock;
}

export interface Watch {
  /** Watches these from now on. That they are others is no change by itself. */
  follow(paths: readonly string[]): void;
  /** Nothing is called afterwards. May be called twice. */
  close(): void;
}

/** Between two looks that have to agree: an editor that truncates and writes is then done. */
const SETTLE_MS = 100;
/** Files that never rest are reported after so many looks all the same. */
const MOST_LOOKS = 30;
/** For what the system does not tell: network file systems, a folder that was replaced, files in folders below. */
const POLL_MS = 2000;
const MOST_FILES = 5000;
const DEEPEST = 4;

/**
 * Watches files and folders. A file is told by what its path leads to, so an editor that replaces it by renaming and Kubernetes'
 * swap of a symbolic link are changes too. Loads nothing itself.
 */
export function watchFiles({ paths: first, busy, changed, clock = systemClock }: WatchOptions): Watch {
  let paths = first;
  const folders = new Map<string, FSWatcher>();
  let isClosed = false;
  let reported: string | undefined;
  let timer: Timer | undefined;
  let looking = false;
  let wasTold = false;

  function look(before: string | undefined, looks: number): void {
    if (looking || isClosed) return;
    looking = true;
    wasTold = false;
    const looked = paths;
    void lookOf(looked).then((now) => {
      looking = false;
      if (isClosed) return;
      if (looked !== paths) return lookAgain(undefined, 0);
      reported ??= now;
      if (now === reported) return rest();
      if (now !== before && looks < MOST_LOOKS) return lookAgain(now, looks + 1);
      reported = now;
      rest();
      changed();
    });
  }
  function lookAgain(before: string | undefined, looks: number): void {
    timer?.cancel();
    timer = clock.after(SETTLE_MS, () => look(before, looks));
  }
  function rest(): void {
    timer?.cancel();
    for (const path of paths) watchFolder(path);
    timer = clock.after(wasTold ? SETTLE_MS : POLL_MS, () => look(undefined, 0));
  }
  /** A file is watched through its folder, which sees it replaced. What cannot be watched is polled. */
  function watchFolder(path: string): void {
    for (const folder of [path, dirname(path)]) {
      if (folders.has(folder) || (busy !== undefined && folder === dirname(busy))) continue;
      try {
        const watcher = watch(folder, { persistent: false }, (_, name) => {
          if (name !== null && !concerns(folder, name)) return;
          if (looking) wasTold = true;
          else if (!isClosed) lookAgain(undefined, 0);
        });
        folders.set(folder, watcher);
        watcher.on('error', () => forget(folder, watcher));
        watcher.on('close', () => forget(folder, watcher));
      } catch {
        // It does not exist, or the system has no watches left: the poll sees it.
      }
    }
  }
  /** Whether what has this name in a watched folder is one of the paths, lies in one of them, or may be a link on the way to one. */
  function concerns(folder: string, name: string): boolean {
    return name.startsWith('..') || paths.includes(join(folder, name)) || (paths.includes(folder) && isWatched(name));
  }
  function forget(folder: string, watcher: FSWatcher): void {
    if (folders.get(folder) === watcher) folders.delete(folder);
    watcher.close();
  }

  look(undefined, 0);
  return {
    follow(next) {
      if (next.join('\n') === paths.join('\n')) return;
      paths = next;
      reported = undefined;
      for (const watcher of [...folders.values()]) watcher.close();
      folders.clear();
      if (!isClosed) lookAgain(undefined, 0);
    },
    close() {
      isClosed = true;
      timer?.cancel();
      for (const watcher of [...folders.values()]) watcher.close();
      folders.clear();
    },
  };
}

/** A text that differs whenever a file differs: which file each path leads to, its size and times. Never rejects. */
async function lookOf(paths: readonly string[]): Promise<string> {
  const seen: string[] = [];
  for (const path of paths) await lookInto(path, 0, seen);
  return seen.join('\n');
}

async function lookInto(path: string, depth: number, seen: string[]): Promise<void> {
  if (seen.length >= MOST_FILES) return;
  try {
    const found = await stat(path, { bigint: true });
    if (!found.isDirectory()) {
      seen.push(`${path} ${found.dev}:${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`);
      return;
    }
    const names = depth < DEEPEST ? await readdir(path) : [];
    for (const name of names.filter(isWatched).toSorted()) await lookInto(join(path, name), depth + 1, seen);
  } catch {
    seen.push(`${path} is not there`);
  }
}

const isWatched = (name: string): boolean => !isOfAnEditor(name) && name !== 'node_modules';

/** Whether a name is that of a file which an editor keeps for itself beside the one that is edited: a lock, a backup, a draft. */
export function isOfAnEditor(name: string): boolean {
  return /^[.#]|[~#]$|\.(?:swp|swx|tmp|bak)$|^4913$/.test(name);
}
