/** What is YAML and yet is not taken: keys that stand twice, tags, control characters. */
import { CST, type Document, isScalar, Lexer, type Scalar, visit } from 'yaml';
import type { Position, Problem } from './problem.ts';
import { asKey, rangeStart, shown, type YamlText } from './yaml-text.ts';

/** More would only be what follows from the first ones. */
const MOST_PROBLEMS = 20;

/** Keys that a map has twice, however they are quoted. The parser's own look would compare each key with every one before it. */
export function duplicateKeys(document: Document, { place }: YamlText): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const firsts = new Map<string, number>();
      for (const { key } of items) {
        const offset = rangeStart(key);
        if (!isScalar(key) || offset === undefined) continue;
        const name = keyText(key);
        const first = firsts.get(name);
        if (first === undefined) firsts.set(name, offset);
        else problems.push(duplicateKey(name, place(offset), place(first)));
        if (problems.length === MOST_PROBLEMS) return visit.BREAK;
      }
      return undefined;
    },
  });
  return problems;
}

function duplicateKey(name: string, at: Position, first: Position): Problem {
  const message = `the key "${shown(name)}" is there twice, the first on line ${first.line}`;
  return { at, code: 'YAML_DUPLICATE_KEY', message, try: 'one of the two' };
}

/** A key as it is written where it has no quotes: `007` and `1.0` stay what they are. */
export function keyText(key: Scalar): string {
  return key.source !== undefined && key.type === 'PLAIN' ? key.source : String(key.value);
}

/** Tags (`!secret`, `!!str`) wherever they stand: what a tag means is up to programs, and here none means anything. */
export function tagProblems({ text, place }: YamlText): Problem[] {
  if (!text.includes('!')) return [];
  const problems: Problem[] = [];
  let offset = 0;
  let isContent = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (!isContent && CST.tokenType(lexeme) === 'tag') {
      const [, sign] = /^(!|!!|!==?):$/.exec(lexeme) ?? [];
      const advice = 'leaving it out, or the text in quotes';
      const said = sign ? asKey(sign) : { message: `the tag ${lexeme} is not allowed here`, try: advice };
      problems.push({ at: place(offset), code: 'YAML_TAG', ...said });
    }
    const isMarker = lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END || lexeme === CST.SCALAR;
    isContent = lexeme === CST.SCALAR;
    if (!isMarker) offset += lexeme.length;
  }
  return problems.slice(0, MOST_PROBLEMS);
}

/** Characters that no text file holds on purpose. */
export function controlProblems({ text, place }: YamlText): Problem[] {
  const offset = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (offset === -1) return [];
  const code = text.charCodeAt(offset).toString(16).padStart(4, '0');
  const message = `the control character U+${code.toUpperCase()} cannot stand in YAML`;
  return [{ at: place(offset), code: 'YAML_SYNTAX', message, try: `"\\u${code}" in double quotes, or leaving it out` }];
}
