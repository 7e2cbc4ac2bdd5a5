/** A leaf of a mapping taken apart: the text that stands as it is, and the `${…}` between. */

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  /** `at` is the index of the expression's first character, after `${`. */
  | { readonly kind: 'expression'; readonly text: string; readonly at: number };

/** `$${` stands for `${` itself. A part `unclosed` gives the index of a `${` that no `}` closes. */
export function splitTemplate(
  text: string,
): { readonly parts: readonly TemplatePart[] } | { readonly unclosedAt: number } {
  const parts: TemplatePart[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    if (open === -1) break;
    if (text[open - 1] === '$' && open > at) {
      plain += `${text.slice(at, open - 1)}\${`;
      at = open + 2;
      continue;
    }
    const close = endOfExpression(text, open + 2);
    if (close === -1) return { unclosedAt: open };
    plain += text.slice(at, open);
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push({ kind: 'expression', text: text.slice(open + 2, close), at: open + 2 });
    at = close + 1;
  }
  plain += text.slice(at);
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return { parts };
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
