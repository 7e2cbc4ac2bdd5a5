/** What a run says of itself while it goes, for `explain`: which paths it read, what operators made of them, and where it landed. */
import type { Position } from '../kit/problem.ts';
import type { LogicStep } from './logic.ts';

export interface TracedOperator {
  readonly name: string;
  readonly input: unknown;
  readonly args: readonly unknown[];
  readonly output: unknown;
}

/** A table that was looked into. */
export interface TracedTable {
  readonly name: string;
  /** Undefined where the whole row was asked for, or there is one value a row. */
  readonly column: string | undefined;
  readonly found: boolean;
}

export interface TracedField {
  /** `data.url`, `data.recordUrl[0]`. */
  readonly field: string;
  /** Where it is written. */
  readonly at: Position;
  /** Undefined where the key was left out. */
  readonly value: unknown;
  /** Every path read, in order; `value` undefined where there was none. */
  readonly inputs: readonly { readonly path: string; readonly value: unknown }[];
  readonly operators: readonly TracedOperator[];
  /** In order; more than one where a table's default is another table. */
  readonly tables: readonly TracedTable[];
  /** True where `| default`, a later alternative of `??` or the default of a table gave the value. */
  readonly defaulted: boolean;
}

export interface TracedEmission {
  /** The event type, or undefined for a drop. */
  readonly emit: string | undefined;
  readonly at: Position;
  readonly when: { readonly held: boolean; readonly steps: readonly LogicStep[] } | undefined;
  fields: readonly TracedField[];
}

export interface Tracer {
  enter(key: string | number): void;
  leave(): void;
  path(text: string, value: unknown): void;
  operator(name: string, call: Omit<TracedOperator, 'name'>): void;
  table(lookup: TracedTable): void;
  /** A leaf is done: what was read since the last one belongs to it. */
  leaf(at: Position, value: unknown): void;
}

/** Loops repeat their fields for every item: after this many the rest is left out. */
const MOST_FIELDS = 1000;

/** Collects the fields of one emission. */
export function createTracer(): Tracer & { readonly fields: readonly TracedField[] } {
  const fields: TracedField[] = [];
  const stack: string[] = [];
  let inputs: { path: string; value: unknown }[] = [];
  let operators: TracedOperator[] = [];
  let tables: TracedTable[] = [];
  return {
    fields,
    enter: (key) => void stack.push(typeof key === 'number' ? `[${key}]` : stack.length === 0 ? key : `.${key}`),
    leave: () => void stack.pop(),
    path: (path, value) => void inputs.push({ path, value }),
    operator: (name, call) => void operators.push({ name, ...call }),
    table: (lookup) => void tables.push(lookup),
    leaf(at, value) {
      const isLacking = inputs.some((input) => input.value === undefined) || tables.some(({ found }) => !found);
      const defaulted = isLacking && value !== undefined;
      if (fields.length < MOST_FIELDS)
        fields.push({ field: stack.join(''), at, value, inputs, operators, tables, defaulted });
      inputs = [];
      operators = [];
      tables = [];
    },
  };
}
