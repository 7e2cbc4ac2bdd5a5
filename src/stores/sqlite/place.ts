/** Whether the files that are open still stand under their names: what is written to one that was deleted or replaced ends with the process. */
import { statSync } from 'node:fs';

/** The database itself, its log, and the index of the log, by which other processes find what is in it. */
const ENDS = ['', '-wal', '-shm'];

/** To be called while they are open. Asked later, it names the first that is gone or is another one. */
export function watchPlace(file: string, ends: readonly string[] = ENDS): () => string | undefined {
  const files = ends.map((end) => ({ name: `${file}${end}`, is: identityOf(`${file}${end}`) }));
  return () =>
    files.find(({ name, is }) => {
      const now = identityOf(name);
      return now !== is && now !== 'unknown';
    })?.name;
}

/** Where a folder may no longer be read, what is open goes on being written. */
function identityOf(name: string): string | undefined {
  try {
    const found = statSync(name, { bigint: true, throwIfNoEntry: false });
    return found && `${found.dev}:${found.ino}`;
  } catch {
    return 'unknown';
  }
}

export function movedAway(name: string): Error {
  return new Error(`${name} was deleted or replaced while the relay runs: put it back, or start the relay anew`);
}
