/** Tells how a filter came to its value: each condition with its operands' values, for `explain` and the dashboard. */
import type { Position } from '../kit/problem.ts';
import type { LogicNode } from './logic-tree.ts';

export interface OperandTrace {
  /** The path that was read, or null where the operand is a literal or another condition. */
  readonly path: string | null;
  /** As JSON, shortened; null where it was not evaluated. */
  readonly value: string | null;
}

export interface ConditionTrace {
  readonly operator: string;
  readonly at: Position;
  /** How many conditions it stands within. */
  readonly depth: number;
  readonly operands: readonly OperandTrace[];
  /** As JSON, shortened; null where it failed. */
  readonly result: string | null;
  readonly truthy: boolean;
  /** Why it failed, else null. */
  readonly error: string | null;
}

export function traceLogic(_tree: LogicNode, _scope: unknown): readonly ConditionTrace[] {
  return [];
}
