/** The grammar of `${…}`: alternatives with `??`, then operators with `|`, read into a small tree. */
import { ExpressionError, readTokens, type Sign, type Token } from './tokens.ts';

export type Expression =
  | {
      readonly kind: 'path';
      readonly steps: readonly string[];
      /** The index of each step in the text. */
      readonly stepsAt: readonly number[];
      readonly text: string;
      readonly at: number;
    }
  | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean | null; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly at: number }
  | { readonly kind: 'either'; readonly options: readonly Expression[]; readonly at: number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly input: Expression;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  /** `?`: a missing value leaves the key out. */
  | { readonly kind: 'optional'; readonly of: Expression; readonly at: number };

const LONGEST = 4096;
const DEEPEST = 32;
const MOST_OPERATORS = 64;
const SHORTER = 'several fields, or a fragment for a part of it';

/** Reads a whole expression. Throws ExpressionError with the index of what is wrong. */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST)
    throw new ExpressionError(`an expression may have ${LONGEST} characters at most`, 0, SHORTER);
  const parser = new Parser(readTokens(text), text);
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #next = 0;
  #depth = 0;
  #operators = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  whole(): Expression {
    if (this.#peek().kind === 'end') throw new ExpressionError('there is nothing in ${}', 0, 'name a path: ${data.…}');
    const expression = this.#pipeline();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected(rest);
    return expression;
  }

  #pipeline(): Expression {
    if (++this.#depth > DEEPEST)
      throw new ExpressionError(`this is nested deeper than ${DEEPEST} levels`, this.#peek().at, SHORTER);
    let expression = this.#alternatives();
    while (this.#takeSign('|')) {
      if (++this.#operators > MOST_OPERATORS) {
        throw new ExpressionError(
          `an expression may have ${MOST_OPERATORS} operators at most`,
          this.#peek().at,
          SHORTER,
        );
      }
      expression = this.#optional(this.#call(expression));
    }
    this.#depth--;
    return expression;
  }

  #alternatives(): Expression {
    const first = this.#optional(this.#primary());
    const options = [first];
    while (this.#takeSign('??')) options.push(this.#optional(this.#primary()));
    return options.length === 1 ? first : { kind: 'either', options, at: first.at };
  }

  #optional(expression: Expression): Expression {
    const mark = this.#peek();
    if (!this.#takeSign('?')) return expression;
    const next = this.#peek();
    if (next.kind === 'sign' && next.text === '.') {
      throw new ExpressionError(
        '"?" stands at the end of a path',
        mark.at,
        'write ${data.a.b?}: any step may be missing',
      );
    }
    return { kind: 'optional', of: expression, at: expression.at };
  }

  #call(input: Expression): Expression {
    const name = this.#peek();
    if (name.kind === 'sign' && name.text === '|' && this.#text[name.at - 1] === '|') {
      const advice = '?? for another value where this one is missing, | or where it is empty';
      throw new ExpressionError('"||" has no meaning here', name.at - 1, advice);
    }
    if (name.kind !== 'name') {
      throw new ExpressionError(
        'an operator has to follow "|"',
        name.at,
        'name one, such as | string, or take the "|" away',
      );
    }
    this.#next++;
    const open = this.#peek();
    const touching = open.kind === 'sign' && open.text === '(' && open.at === name.end;
    const args = touching ? this.#argumentsInParentheses() : this.#argumentsInRow();
    return { kind: 'call', name: name.text, input, args, at: name.at };
  }

  #argumentsInParentheses(): Expression[] {
    this.#next++;
    return this.#listUntil(')');
  }

  #argumentsInRow(): Expression[] {
    const args: Expression[] = [];
    for (let token = this.#peek(); startsArgument(token); token = this.#peek()) {
      args.push(this.#optional(this.#primary()));
    }
    return args;
  }

  #listUntil(close: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    if (this.#takeSign(close)) return items;
    do items.push(this.#pipeline());
    while (this.#takeSign(','));
    this.#expect(close);
    return items;
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.kind === 'literal') {
      this.#next++;
      return { kind: 'literal', value: token.value, at: token.at };
    }
    if (token.kind === 'name') return this.#pathOrWord(token.text, token.at);
    if (token.kind === 'sign' && token.text === '(') {
      this.#next++;
      const inner = this.#pipeline();
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'sign' && token.text === '[') {
      if (++this.#depth > DEEPEST)
        throw new ExpressionError(`this is nested deeper than ${DEEPEST} levels`, token.at, SHORTER);
      this.#next++;
      const items = this.#listUntil(']');
      this.#depth--;
      return { kind: 'list', items, at: token.at };
    }
    throw this.#unexpected(token);
  }

  #pathOrWord(first: string, at: number): Expression {
    this.#next++;
    const after = this.#peek();
    const isPath =
      after.kind === 'sign' && (after.text === '.' || after.text === '[') && after.at === at + first.length;
    if (!isPath && WORDS.has(first)) return { kind: 'literal', value: WORDS.get(first) ?? null, at };
    const steps = [first];
    const stepsAt = [at];
    for (let token = this.#peek(); this.#joins(token); token = this.#peek()) {
      this.#next++;
      const step = this.#peek();
      stepsAt.push(step.at);
      steps.push(token.kind === 'sign' && token.text === '.' ? this.#nameStep() : this.#bracketStep());
    }
    const end = this.#tokens[this.#next - 1]?.end ?? at;
    return { kind: 'path', steps, stepsAt, text: this.#text.slice(at, end), at };
  }

  #joins(token: Token): boolean {
    if (token.kind !== 'sign' || (token.text !== '.' && token.text !== '[')) return false;
    return token.at === this.#tokens[this.#next - 1]?.end; // `join [1]` is an argument, `a[1]` a step
  }

  #nameStep(): string {
    const step = this.#peek();
    if (step.kind !== 'name')
      throw new ExpressionError('a name has to follow "."', step.at, 'quote odd names: data["a b"]');
    this.#next++;
    return step.text;
  }

  #bracketStep(): string {
    const step = this.#peek();
    if (
      step.kind !== 'literal' ||
      !(typeof step.value === 'string' || (Number.isInteger(step.value) && step.value >= 0))
    ) {
      throw new ExpressionError(
        'a whole number or a quoted name has to stand in [ ]',
        step.at,
        'write [0] or ["name"]',
      );
    }
    this.#next++;
    this.#expect(']');
    return String(step.value);
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #takeSign(sign: Sign): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #expect(sign: Sign): void {
    const token = this.#peek();
    if (!this.#takeSign(sign))
      throw new ExpressionError(`a "${sign}" is missing here`, token.at, `close it with ${sign}`);
  }

  #unexpected(token: Token): ExpressionError {
    if (token.kind === 'end') {
      const message = 'the expression stops where a value has to follow';
      return new ExpressionError(message, token.at, 'a path such as data.…, a number, or a text in quotes');
    }
    const text = this.#text.slice(token.at, token.end);
    const called = text === '(' ? /[A-Za-z_]\w*$/.exec(this.#text.slice(0, token.at))?.[0] : undefined;
    if (called !== undefined)
      return new ExpressionError(
        `${called} cannot be called like this`,
        token.at,
        `the value first: data.… | ${called}`,
      );
    const advice = token.kind === 'name' ? 'put | before an operator' : `a value before it, or take ${text} away`;
    return new ExpressionError(`${text} cannot stand here`, token.at, advice);
  }
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function startsArgument(token: Token): boolean {
  if (token.kind === 'literal' || token.kind === 'name') return true;
  return token.kind === 'sign' && (token.text === '(' || token.text === '[');
}
