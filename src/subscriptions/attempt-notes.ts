/** Notes of tries that say something new about a subscriber: each is written once, and again while the store is away. */
import type { AttemptNote } from './note-attempt.ts';

export interface AttemptNotes {
  /** What is said of the subscriber already and waits to be written is not said again. */
  add(id: string, says: 'off' | 'well' | 'failing', note: AttemptNote): void;
  /** Writes what could not be written before; rejects where it still cannot. */
  flush(): Promise<void>;
}

export interface AttemptNotePorts {
  write(id: string, note: AttemptNote): Promise<void>;
  /** A note could not be written; it stays among the notes. */
  failed(error: unknown): void;
}

export function createAttemptNotes({ write, failed }: AttemptNotePorts): AttemptNotes {
  const waiting = new Map<string, { readonly id: string; readonly note: AttemptNote }>();

  async function writeOne(key: string): Promise<void> {
    const noted = waiting.get(key);
    if (!noted) return;
    await write(noted.id, noted.note);
    waiting.delete(key);
  }

  return {
    add(id, says, note) {
      const key = `${id} ${says}`;
      if (waiting.has(key)) return;
      waiting.set(key, { id, note });
      writeOne(key).catch(failed);
    },
    async flush() {
      for (const key of [...waiting.keys()]) await writeOne(key);
    },
  };
}
