/** Finds the name that was meant by one that is not known, also where another language has another word for the same thing. */
import { nearest } from './problem.ts';

interface Names {
  readonly known: Iterable<string>;
  /** What others call it → the known name. */
  readonly foreign: ReadonlyMap<string, string>;
}

/** `startsWith` is `starts_with`; a foreign name counts before one that only looks alike. Undefined where none is near. */
export function nameMeant(written: string, { known, foreign }: Names): string | undefined {
  const names = [...known];
  const own = names.find((name) => plain(name) === plain(written));
  const other = [...foreign].find(([name]) => plain(name) === plain(written));
  return own ?? other?.[1] ?? lookalike(written, names);
}

/** Another letter in a short word makes another word: `nope` is not meant to be `none`. */
function lookalike(written: string, names: readonly string[]): string | undefined {
  const letters = (word: string): string => [...word.toLowerCase()].sort().join('');
  const isShort = /^\w{1,4}$/.test(written);
  return nearest(
    written,
    names.filter((name) => !isShort || name.length !== written.length || letters(name) === letters(written)),
  );
}

function plain(name: string): string {
  return name.replaceAll(/[_-](?=\w)/g, '').toLowerCase();
}
