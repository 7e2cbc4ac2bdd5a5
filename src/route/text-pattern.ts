/** Text patterns of filters, compiled once at load to RE2, which takes linear time whatever the text. */
import { RE2JS } from 're2js';

export type TextPattern =
  | { readonly ok: true; readonly test: (text: string) => boolean }
  | { readonly ok: false; readonly message: string; readonly advice: string };

const LONGEST = 1_000;
const SHORTER = 'several conditions under "or"';

/** An RE2 pattern that is looked for anywhere in a text. */
export function compilePattern(pattern: string): TextPattern {
  if (pattern.length > LONGEST)
    return { ok: false, message: `this pattern is longer than ${LONGEST} characters`, advice: SHORTER };
  try {
    const compiled = RE2JS.compile(pattern);
    return { ok: true, test: (text) => compiled.test(text) };
  } catch (error) {
    const message = `this is no RE2 pattern: ${(error as Error).message}`;
    const hasLook = /\(\?<?[=!]/.test(pattern) || /\\[1-9]/.test(pattern);
    const advice = hasLook
      ? 'RE2 has no look-around and no back-references'
      : 'a \\ before a sign that means itself: "\\(live\\)"';
    return { ok: false, message, advice };
  }
}

/** A pattern of `*`, `?` and `\` that a whole text has to fit. */
export function compileGlob(pattern: string): TextPattern {
  if (pattern.length > LONGEST)
    return { ok: false, message: `this pattern is longer than ${LONGEST} characters`, advice: SHORTER };
  let expression = '';
  for (let rest = [...pattern]; rest.length > 0; ) {
    const [character = '', next] = rest;
    const escapes = character === '\\' && next !== undefined;
    expression += character === '*' ? '.*' : character === '?' ? '.' : RE2JS.quote(escapes ? next : character);
    rest = rest.slice(escapes ? 2 : 1);
  }
  const compiled = RE2JS.compile(expression, RE2JS.DOTALL);
  return { ok: true, test: (text) => compiled.testExact(text) };
}
