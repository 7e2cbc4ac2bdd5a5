/** A mistake in what a user wrote: where it is, what is wrong, a stable code, and what to do about it. */

export interface Position {
  /** The file as the user would name it, relative to the working directory where that is shorter. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

export interface Problem {
  readonly at?: Position;
  /** Stable, upper case with underscores: `RULE_UNKNOWN_TARGET`. */
  readonly code: string;
  readonly message: string;
  /** The next step, without the `Try: `. */
  readonly try?: string;
}

/** `file:line:column  message  [CODE]`, and a `Try:` line where there is one. */
export function formatProblem(problem: Problem): string {
  const where = problem.at ? `${problem.at.file}:${problem.at.line}:${problem.at.column}  ` : '';
  const advice = problem.try === undefined ? '' : `\n  Try: ${problem.try}`;
  return `${where}${problem.message}  [${problem.code}]${advice}`;
}

/** By file, then line, then column: the order in which a reader meets them. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => {
    if (!a.at || !b.at) return Number(Boolean(a.at)) - Number(Boolean(b.at));
    return a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column;
  });
}

/**
 * The candidate that is nearest to a mistyped word, or undefined where none is near enough to be what was meant: a third of its letters may
 * be wrong, and never more than `most`.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  most = Number.POSITIVE_INFINITY,
): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(most, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; `limit` where it is that many or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((row[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, (beforePrevious[j - 2] ?? 0) + 1);
      }
      row.push(edits);
    }
    beforePrevious = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? limit, limit);
}
