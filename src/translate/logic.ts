/** The port to json-logic: what a mapping needs of a filter, implemented by the stage that checks rules. */
import type { Problem } from '../kit/problem.ts';
import type { YamlNode } from '../kit/yaml.ts';
import type { Schema } from '../model/schema.ts';

/** A condition is an object, or `true` or `false` on purpose; a value may be anything. */
export type LogicUse = 'condition' | 'value';

/**
 * Checks a json-logic node against what it can see and makes it runnable. `logic` is undefined exactly where there are problems
 * that leave nothing to run. Never throws.
 */
export type CompileLogic = (
  node: YamlNode,
  scopes: readonly Schema[],
  use: LogicUse,
) => { readonly logic: CompiledLogic | undefined; readonly problems: readonly Problem[] };

export interface CompiledLogic {
  /**
   * The value for a scope (`event`, `data`, … and the names of loops around it). Throws an Error that says why it cannot be had. What
   * it takes is taken off the allowance, which may end below 0.
   */
  evaluate(scope: unknown, allowance: { work: number }): unknown;
  truthy(scope: unknown, allowance: { work: number }): boolean;
  /** The conditions with their values, the outer before its parts. Never throws. */
  trace(scope: unknown): readonly LogicStep[];
  /** Every path that is read. */
  readonly paths: readonly string[];
  /** Set where it holds for every event that can come, or for none. */
  readonly constant?: boolean | undefined;
}

/** One condition as it went; values as JSON, shortened. */
export interface LogicStep {
  readonly operator: string;
  /** How many conditions it stands within. */
  readonly depth: number;
  readonly operands: readonly { readonly path: string | null; readonly value: string | null }[];
  readonly result: string | null;
  readonly truthy: boolean;
  readonly error: string | null;
}
