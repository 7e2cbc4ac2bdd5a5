/** Where a `${…}` begins, in the configuration and in mappings alike: before a `{`, `$$` stands for the sign `$` itself. */

export interface Opening {
  /** What stands before it, as it is meant: `$${` is the text `${`, and `$$${` a `$` before a `${…}`. */
  readonly before: string;
  /** The index of its `${`; -1 where there is none. */
  readonly at: number;
}

/** The first `${…}` that begins at `from` or behind. */
export function nextOpening(text: string, from: number): Opening {
  let before = '';
  let rest = from;
  const signs = /(?<!\$)\$+\{/g;
  signs.lastIndex = from;
  for (let found = signs.exec(text); found !== null; found = signs.exec(text)) {
    const count = found[0].length - 1;
    before += text.slice(rest, found.index) + '$'.repeat(count >> 1);
    if (count % 2 === 1) return { before, at: found.index + count - 1 };
    before += '{';
    rest = signs.lastIndex;
  }
  return { before: before + text.slice(rest), at: -1 };
}
