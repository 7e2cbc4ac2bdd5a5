/** A leaf of a mapping taken apart: the text that stands as it is, and the `${…}` between. */
import { nextOpening } from '../kit/braces.ts';

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `at` is the index of the expression's first character, after `${`. */
  | { readonly kind: 'expression'; readonly text: string; readonly at: number };

/** `unclosedAt` is the index of a `${` that no `}` closes. */
export function splitTemplate(
  text: string,
): { readonly parts: readonly TemplatePart[] } | { readonly unclosedAt: number } {
  const parts: TemplatePart[] = [];
  let rest = 0;
  for (;;) {
    const { before, at: open } = nextOpening(text, rest);
    if (before !== '') parts.push({ kind: 'text', text: before });
    if (open === -1) return { parts };
    const close = endOfExpression(text, open + 2);
    if (close === -1) return { unclosedAt: open };
    parts.push({ kind: 'expression', text: text.slice(open + 2, close), at: open + 2 });
    rest = close + 1;
  }
}

/** The index of the `}` that closes an expression which starts at `from`, or -1. A `}` in quotes closes nothing. */
export function endOfExpression(text: string, from: number): number {
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const character = text[i] as string;
    if (quote !== '') {
      if (character === '\\') i++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '}') {
      return i;
    } else if (character === '$' && text[i + 1] === '{') {
      return -1;
    }
  }
  return -1;
}
