/** What an expression is compiled to, and what stands around it while it is. */
import type { Position, Problem } from '../../kit/problem.ts';
import type { Schema } from '../../model/schema.ts';
import type { Evaluate } from '../run.ts';

export interface ExpressionContext {
  /** What can be read here. */
  readonly scope: Schema;
  /** The place of a character of the expression. */
  readonly position: (index: number) => Position;
  readonly report: (problem: Problem) => void;
  /** Told of every path that is read. */
  readonly onPath: (steps: readonly string[], at: Position) => void;
}

export interface CompiledExpression {
  readonly evaluate: Evaluate;
  /** What the value is where there is one. */
  readonly schema: Schema;
  /** What may be missing without being handled. */
  readonly missing: readonly Lacking[];
  /** A `?` may leave the value out. */
  readonly omits: boolean;
  /** The paths that are read, to name those that have no value when a run stops. */
  readonly reads: readonly PathRead[];
  /** Set where the value is known at load. */
  readonly literal?: { readonly value: unknown };
}

export interface Lacking {
  readonly text: string;
  readonly at: Position;
}

export interface PathRead {
  readonly text: string;
  readonly read: Evaluate;
}

export function literalExpression(value: unknown, schema: Schema = { const: value }): CompiledExpression {
  return { evaluate: () => value, schema, missing: [], omits: false, reads: [], literal: { value } };
}
