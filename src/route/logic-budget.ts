/** How much a filter may do with one event: steps of its loops, and the text and lists that it makes on the way. */
import { LogicError } from './logic-error.ts';

/** A step is one operator evaluated in a loop, 256 characters worked through, or 4 list items copied. */
const MOST_STEPS = 100_000;
const CHARACTERS_A_STEP = 256;
const ITEMS_A_STEP = 4;
const MOST_CHARACTERS = MOST_STEPS * CHARACTERS_A_STEP;
const MOST_NESTING = 1_000;

let spent = 0;

/** What a caller that evaluates many times still allows to all of them together, in steps; it may end below 0. */
export interface Allowance {
  work: number;
}

/** Runs with a budget of its own; the one that was running goes on after it, so evaluations may nest. */
export function withBudget<T>(run: () => T, allowance?: Allowance): T {
  const before = spent;
  spent = 0;
  try {
    return run();
  } finally {
    if (allowance) allowance.work -= spent;
    spent = before;
  }
}

export function spend(steps: number): void {
  spent += steps;
  if (spent > MOST_STEPS) throw tooMuch();
}

export function spendCharacters(count: number): void {
  if (count >= CHARACTERS_A_STEP) spend(count / CHARACTERS_A_STEP);
}

export function spendItems(count: number): void {
  spend(count / ITEMS_A_STEP);
}

/** Pays for turning an operand into text, which json-logic's loose operators do to lists. */
export function spendText(value: unknown): void {
  if (typeof value === 'string') spendCharacters(value.length);
  else if (typeof value === 'object' && value !== null) spendCharacters(sizeOf(value));
}

/**
 * The size of a value in characters, near enough. A list may hold itself many times over (a `reduce` that doubles), so that
 * writing it out would take exponential room: past the budget this throws instead of counting on.
 */
export function sizeOf(value: unknown): number {
  let size = 0;
  const add = (part: unknown, depth: number): void => {
    if (typeof part === 'string') size += part.length;
    else if (typeof part === 'object' && part !== null) {
      if (depth > MOST_NESTING) throw tooMuch();
      for (const item of Array.isArray(part) ? part : Object.values(part)) add(item, depth + 1);
    }
    size += CHARACTERS_A_STEP / ITEMS_A_STEP;
    if (size > MOST_CHARACTERS) throw tooMuch();
  };
  add(value, 0);
  return size;
}

function tooMuch(): LogicError {
  return new LogicError(
    'LOGIC_BUDGET',
    `the filter takes more than ${MOST_STEPS.toLocaleString('en')} steps for this event`,
  );
}
